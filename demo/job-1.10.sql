CREATE TABLE squares (square BIGINT) WITH (
  'connector.type' = 'filesystem',
  'connector.path' = 'DIRECTORY/squares.csv',
  'format.type' = 'csv'
);

INSERT INTO squares SELECT CAST(n * n AS BIGINT) FROM (VALUES (1), (2), (3)) AS numbers (n);
