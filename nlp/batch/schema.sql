-- The database of a batch, DIR/results.duckdb: schema 1.
--
-- A report is known by the sha256 of its bytes and the version (fingerprint of code, rules and
-- model) that read it; ids ("f1", "c7") count within a report. Names are those of nlp/records.py.
-- One process writes, many reports to a transaction, so no constraint needs an index in memory.
-- Read through the current_* views: one row for each report that the files in the batch hold now,
-- by the version that read it last. Rows of earlier versions and of files since replaced stay in
-- the tables, and are used again when a model is put back.

CREATE TABLE IF NOT EXISTS meta (schema_version INTEGER NOT NULL);

-- What read the reports: `version` is the digest of all the rest.
CREATE TABLE IF NOT EXISTS versions (
    version   VARCHAR NOT NULL,
    package   VARCHAR NOT NULL,   -- nlp.__version__
    code      VARCHAR NOT NULL,   -- digest of the Python files that read
    rules     VARCHAR NOT NULL,   -- digest of rules, metrics and other data files
    model     VARCHAR NOT NULL,   -- name of the model and digest of its manifest, or none
    segmenter VARCHAR NOT NULL
);

-- One row for each start of the command; `ended` is null where it was interrupted.
CREATE TABLE IF NOT EXISTS runs (
    run      INTEGER NOT NULL,
    version  VARCHAR NOT NULL,
    inputs   VARCHAR[] NOT NULL,
    engine   VARCHAR NOT NULL,
    jobs     INTEGER NOT NULL,
    started  TIMESTAMP NOT NULL,  -- UTC
    ended    TIMESTAMP,
    found    INTEGER,             -- files named by the inputs
    read     INTEGER,             -- reports read by this run
    known    INTEGER,             -- files whose content had been read before
    failed   INTEGER              -- files that have an error now
);

-- What each file holds: the last state that any run saw. `error` is null where a report was read.
CREATE TABLE IF NOT EXISTS files (
    path    VARCHAR NOT NULL,     -- absolute
    sha256  VARCHAR,              -- null where the bytes could not be read
    version VARCHAR NOT NULL,
    error   VARCHAR,              -- the code of its row in errors
    run     INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS reports (
    sha256       VARCHAR NOT NULL,
    version      VARCHAR NOT NULL,
    format       VARCHAR NOT NULL,
    encoding     VARCHAR NOT NULL,
    text_length  INTEGER NOT NULL, -- characters
    title        VARCHAR,
    agency       VARCHAR,
    year         INTEGER,          -- the year reported on
    period_start VARCHAR,          -- 2018-01-01; text, since reports print days that do not exist
    period_end   VARCHAR,
    published    VARCHAR,
    template     VARCHAR           -- 2014, 2019, 2021, local; null without tables
);

-- Apart from reports, since no two runs take the same time.
CREATE TABLE IF NOT EXISTS timings (
    sha256  VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    seconds DOUBLE NOT NULL
);

CREATE TABLE IF NOT EXISTS sections (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    level INTEGER NOT NULL, heading VARCHAR NOT NULL, role VARCHAR NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS cells (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL, applicant VARCHAR,
    value DOUBLE,                  -- null where the cell is blank or a dash
    raw VARCHAR NOT NULL, unit VARCHAR NOT NULL, label VARCHAR NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS facts (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    value DOUBLE NOT NULL, unit VARCHAR NOT NULL, low DOUBLE NOT NULL, high DOUBLE NOT NULL,
    qualifier VARCHAR,
    year INTEGER,
    subject VARCHAR,               -- null for the reporting body itself
    basis VARCHAR NOT NULL,        -- total, average, part, to_date, target
    text VARCHAR NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    sentence VARCHAR NOT NULL,     -- the words of the sentence around it
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
    method VARCHAR NOT NULL, confidence DOUBLE NOT NULL,
    what VARCHAR, why VARCHAR[] NOT NULL
);

CREATE TABLE IF NOT EXISTS items (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,         -- problem, plan, remedy
    ordinal INTEGER NOT NULL,
    text VARCHAR NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    topic VARCHAR, method VARCHAR NOT NULL, confidence DOUBLE NOT NULL, why VARCHAR[] NOT NULL
);

CREATE TABLE IF NOT EXISTS checks (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,      -- match, approximate, mismatch
    facts VARCHAR[] NOT NULL, cells VARCHAR[] NOT NULL,
    stated DOUBLE NOT NULL, "table" DOUBLE NOT NULL, difference DOUBLE NOT NULL,
    message VARCHAR NOT NULL
);

-- Relations inside one report: scope table or narrative.
CREATE TABLE IF NOT EXISTS findings (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, id VARCHAR NOT NULL,
    rule VARCHAR NOT NULL, scope VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,      -- holds, violated, unverifiable
    stated DOUBLE, computed DOUBLE,
    evidence VARCHAR[] NOT NULL,   -- ids of cells or facts
    message VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS warnings (
    sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,      -- from 1, in text order
    code VARCHAR NOT NULL, message VARCHAR NOT NULL, "start" INTEGER, "end" INTEGER
);

-- Files that gave no report. `sha256` is null where not even the bytes could be read.
CREATE TABLE IF NOT EXISTS errors (
    path VARCHAR NOT NULL, sha256 VARCHAR, version VARCHAR NOT NULL,
    code VARCHAR NOT NULL, message VARCHAR NOT NULL
);

-- Relations between two reports, worked out anew after reading: `sha256` is the report that is
-- judged (the later year, the parent), `other_sha256` the one it is held against. Evidence are ids
-- of cells, facts or items, each within its own report.
CREATE TABLE IF NOT EXISTS between_findings (
    id VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,        -- years; parts for a parent and its parts
    verdict VARCHAR NOT NULL,      -- holds, violated, unverifiable; note for what is only shown
    agency VARCHAR NOT NULL, year INTEGER NOT NULL, other_agency VARCHAR NOT NULL, other_year INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL, other_sha256 VARCHAR NOT NULL,
    metric VARCHAR,
    stated DOUBLE, computed DOUBLE,
    evidence VARCHAR[] NOT NULL, other_evidence VARCHAR[] NOT NULL,
    words VARCHAR NOT NULL, other_words VARCHAR NOT NULL,  -- as printed in either report
    message VARCHAR NOT NULL
);

-- One row for each report in the batch, with the first of the paths that hold it.
CREATE OR REPLACE VIEW current_reports AS
SELECT reports.*, path, copies
FROM reports JOIN (
    SELECT sha256, arg_max(version, run) AS version, min(path) AS path, count(*) AS copies
    FROM files WHERE error IS NULL GROUP BY sha256
) USING (sha256, version);

CREATE OR REPLACE VIEW current_sections AS SELECT * FROM sections SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_cells    AS SELECT * FROM cells    SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_facts    AS SELECT * FROM facts    SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_items    AS SELECT * FROM items    SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_checks   AS SELECT * FROM checks   SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_findings AS SELECT * FROM findings SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_warnings AS SELECT * FROM warnings SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_timings  AS SELECT * FROM timings  SEMI JOIN current_reports USING (sha256, version);
CREATE OR REPLACE VIEW current_errors   AS
SELECT errors.* FROM errors SEMI JOIN files
ON files.path = errors.path AND files.version = errors.version AND files.error = errors.code;
