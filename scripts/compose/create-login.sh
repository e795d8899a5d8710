#!/bin/sh
# Run once by the postgres image: the application's login, which owns nothing. The migrations grant it its roles.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role fidelio_login login noinherit password :'password';
SQL
