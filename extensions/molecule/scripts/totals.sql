-- Counts the numbers 0, 1, 2, ... by their last octal digit, as CountingJob does.
CREATE TABLE numbers (n BIGINT) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '20',
  'fields.n.kind' = 'sequence',
  'fields.n.start' = '0',
  'fields.n.end' = '99999'
);

CREATE TABLE totals (digit BIGINT, amount BIGINT, newest BIGINT) WITH ('connector' = 'print');

INSERT INTO totals SELECT MOD(n, 8), COUNT(*), MAX(n) FROM numbers GROUP BY MOD(n, 8);
