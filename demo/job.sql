CREATE TABLE numbers (n BIGINT) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1000000',
  'fields.n.kind' = 'sequence',
  'fields.n.start' = '1',
  'fields.n.end' = '1000000'
);

CREATE TABLE nowhere (digit BIGINT, amount BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO nowhere SELECT MOD(n, 10), COUNT(*) FROM numbers GROUP BY MOD(n, 10);
