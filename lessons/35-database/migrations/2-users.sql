INSERT INTO users (id, name, token)
VALUES (1, 'alice', 'alice-token'), (2, 'bob', 'bob-token');
