BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE edits (
	source_hash TEXT NOT NULL, 
	edits TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	PRIMARY KEY (source_hash)
);
INSERT INTO "edits" VALUES('1111111111111111111111111111111111111111111111111111111111111111','{"strokes":[{"kind":"brush","region":"garment","points":[[1.0,2.0],[3.0,4.0]],"size_px":40.0,"hardness":0.8,"snap":false,"colours":[]}],"pose":null}','2026-11-20T08:05:00+00:00');
CREATE TABLE files (
	number INTEGER NOT NULL, 
	job_id TEXT NOT NULL, 
	path BLOB NOT NULL, 
	sha256 TEXT NOT NULL, 
	planned BOOLEAN NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
INSERT INTO "files" VALUES(1,'job1',X'2F6F75742F612E706E67','7777777777777777777777777777777777777777777777777777777777777777',0);
INSERT INTO "files" VALUES(2,'job1',X'2F6F75742F612E7265706F72742E6A736F6E','7777777777777777777777777777777777777777777777777777777777777777',0);
INSERT INTO "files" VALUES(3,'job3',X'2F6F75742F5F7265766965772F632E706E67','7777777777777777777777777777777777777777777777777777777777777777',0);
CREATE TABLE jobs (
	number INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	front BLOB NOT NULL, 
	inside BLOB, 
	source_hash TEXT NOT NULL, 
	inside_hash TEXT, 
	recipe TEXT NOT NULL, 
	seed INTEGER NOT NULL, 
	destination BLOB NOT NULL, 
	review_destination BLOB NOT NULL, 
	copy INTEGER DEFAULT '1' NOT NULL, 
	intake_key TEXT NOT NULL, 
	status TEXT NOT NULL, 
	priority INTEGER DEFAULT '0' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	worker TEXT, 
	cancel_asked BOOLEAN DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	started_at TEXT, 
	finished_at TEXT, 
	confidence FLOAT, 
	warnings TEXT DEFAULT '[]' NOT NULL, 
	error_title TEXT, 
	error_message TEXT, 
	error_hint TEXT, 
	PRIMARY KEY (number), 
	UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'job1',X'2F73686F6F742F612E6A7067',X'2F73686F6F742F615F696E736964652E6A7067','1111111111111111111111111111111111111111111111111111111111111111','9999999999999999999999999999999999999999999999999999999999999999','{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false}}',1,X'2F6F75742F61',X'2F6F75742F5F7265766965772F61',1,'5555555555555555555555555555555555555555555555555555555555555555','done',0,0,NULL,0,'2026-11-20T08:01:00+00:00',NULL,'2026-11-20T08:02:00+00:00',0.93,'["Visible clips"]',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(2,'job2',X'2F73686F6F742F622E6A7067',NULL,'2222222222222222222222222222222222222222222222222222222222222222',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false}}',2,X'2F6F75742F62',X'2F6F75742F5F7265766965772F62',1,'6666666666666666666666666666666666666666666666666666666666666666','failed',0,0,NULL,0,'2026-11-20T08:02:00+00:00',NULL,'2026-11-20T08:03:00+00:00',NULL,'[]','No garment found','/shoot/b.jpg shows none.','Check it.');
INSERT INTO "jobs" VALUES(3,'job3',X'2F73686F6F742F632E6A7067',NULL,'3333333333333333333333333333333333333333333333333333333333333333',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false}}',3,X'2F6F75742F63',X'2F6F75742F5F7265766965772F63',1,'7777777777777777777777777777777777777777777777777777777777777777','needs_review',0,0,NULL,0,'2026-11-20T08:03:00+00:00',NULL,'2026-11-20T08:04:00+00:00',0.4,'[]',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(4,'job4',X'2F73686F6F742F642E6A7067',NULL,'4444444444444444444444444444444444444444444444444444444444444444',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false}}',4,X'2F6F75742F64',X'2F6F75742F5F7265766965772F64',1,'8888888888888888888888888888888888888888888888888888888888888888','queued',0,0,NULL,0,'2026-11-20T08:04:00+00:00',NULL,NULL,NULL,'[]',NULL,NULL,NULL);
CREATE TABLE orders (
	id TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX jobs_status ON jobs (status, number);
CREATE INDEX jobs_intake_key ON jobs (intake_key);
CREATE UNIQUE INDEX jobs_open_once ON jobs (intake_key) WHERE status IN ('queued', 'running');
CREATE INDEX ix_files_job_id ON files (job_id);
CREATE INDEX files_path ON files (path);
CREATE INDEX jobs_front ON jobs (front, number);
COMMIT;
PRAGMA user_version=2;
