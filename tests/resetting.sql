-- Gives a migrated database `resetting.make_blank()`, which empties it many times faster than a new copy is made.
-- Everything lies in a schema of its own, where no test and no migration looks.

CREATE SCHEMA resetting;

CREATE TABLE resetting.numberings AS
    SELECT format('public.%I', sequencename)::regclass AS numbering, start_value, last_value
    FROM pg_sequences WHERE schemaname = 'public';

-- Tables are named in the function itself: statements that it put together would be planned again with each call.
DO $do$
DECLARE
    name text;
    filled boolean;
    empty_all text := '';
    fill_again text := '';
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        empty_all := empty_all
            || format('IF EXISTS (SELECT FROM public.%1$I) THEN DELETE FROM public.%1$I; END IF;', name);
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE resetting.%I AS TABLE public.%I', 'rows_of_' || name, name);
            fill_again := fill_again
                || format('INSERT INTO public.%I SELECT * FROM resetting.%I;', name, 'rows_of_' || name);
        END IF;
    END LOOP;
    EXECUTE format(
        $text$
        CREATE FUNCTION resetting.make_blank() RETURNS boolean LANGUAGE plpgsql AS $body$
        BEGIN
            IF (SELECT is_called FROM resetting.schema_changes) THEN
                RETURN false;
            END IF;
            PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
            %s
            %s
            PERFORM setval(numbering, coalesce(last_value, start_value), last_value IS NOT NULL)
                FROM resetting.numberings;
            RETURN true;
        END
        $body$
        $text$,
        empty_all, fill_again
    );
END
$do$;

-- From here on every change of the schema is counted, also one that is taken back.
CREATE SEQUENCE resetting.schema_changes;
CREATE FUNCTION resetting.count_schema_change() RETURNS event_trigger LANGUAGE plpgsql AS
    $body$ BEGIN PERFORM nextval('resetting.schema_changes'); END $body$;
CREATE EVENT TRIGGER resetting ON ddl_command_end EXECUTE FUNCTION resetting.count_schema_change();
