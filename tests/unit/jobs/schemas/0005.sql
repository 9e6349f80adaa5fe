BEGIN TRANSACTION;
CREATE TABLE account_facts (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "account_facts" VALUES('account','"user-1"','2026-11-20T08:05:00+00:00');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE cloud_jobs (
	job_id TEXT NOT NULL, 
	account TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	price INTEGER NOT NULL, 
	remote_id TEXT, 
	progress INTEGER DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (job_id), 
	FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE TABLE consents (
	folder BLOB NOT NULL, 
	account TEXT NOT NULL, 
	given_at TEXT NOT NULL, 
	PRIMARY KEY (folder, account)
);
INSERT INTO "consents" VALUES(X'2F73686F6F74','user-1','2026-11-20T08:05:00+00:00');
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
	error_hint TEXT, ran_on TEXT DEFAULT '' NOT NULL, plate BLOB, plate_hash TEXT, bare BLOB, bare_hash TEXT, sku TEXT DEFAULT '' NOT NULL, "view" TEXT DEFAULT 'front' NOT NULL, held BOOLEAN DEFAULT '0' NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'job1',X'2F73686F6F742F612E6A7067',X'2F73686F6F742F615F696E736964652E6A7067','1111111111111111111111111111111111111111111111111111111111111111','9999999999999999999999999999999999999999999999999999999999999999','{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false, "layered": false, "templates": []}, "channels": [], "level": null}',1,X'2F6F75742F61',X'2F6F75742F5F7265766965772F61',1,'5555555555555555555555555555555555555555555555555555555555555555','done',0,0,NULL,0,'2026-11-20T08:01:00+00:00',NULL,'2026-11-20T08:02:00+00:00',0.93,'["Visible clips"]',NULL,NULL,NULL,'cloud',NULL,NULL,NULL,NULL,'','front',0);
INSERT INTO "jobs" VALUES(2,'job2',X'2F73686F6F742F622E6A7067',NULL,'2222222222222222222222222222222222222222222222222222222222222222',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false, "layered": false, "templates": []}, "channels": [], "level": null}',2,X'2F6F75742F62',X'2F6F75742F5F7265766965772F62',1,'6666666666666666666666666666666666666666666666666666666666666666','failed',0,0,NULL,0,'2026-11-20T08:02:00+00:00',NULL,'2026-11-20T08:03:00+00:00',NULL,'[]','No garment found','/shoot/b.jpg shows none.','Check it.','',NULL,NULL,NULL,NULL,'','front',0);
INSERT INTO "jobs" VALUES(3,'job3',X'2F73686F6F742F632E6A7067',NULL,'3333333333333333333333333333333333333333333333333333333333333333',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false, "layered": false, "templates": []}, "channels": [], "level": null}',3,X'2F6F75742F63',X'2F6F75742F5F7265766965772F63',1,'7777777777777777777777777777777777777777777777777777777777777777','needs_review',0,0,NULL,0,'2026-11-20T08:03:00+00:00',NULL,'2026-11-20T08:04:00+00:00',0.4,'[]',NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,'','front',0);
INSERT INTO "jobs" VALUES(4,'job4',X'2F73686F6F742F642E6A7067',NULL,'4444444444444444444444444444444444444444444444444444444444444444',NULL,'{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false, "layered": false, "templates": []}, "channels": [], "level": null}',4,X'2F6F75742F64',X'2F6F75742F5F7265766965772F64',1,'8888888888888888888888888888888888888888888888888888888888888888','queued',0,0,NULL,0,'2026-11-20T08:04:00+00:00',NULL,NULL,NULL,'[]',NULL,NULL,NULL,'',X'2F73686F6F742F706C6174652E6A7067','8888888888888888888888888888888888888888888888888888888888888888',NULL,NULL,'SKU-1','back',1);
CREATE TABLE models_used (
	model TEXT NOT NULL, 
	job_number INTEGER NOT NULL, 
	PRIMARY KEY (model, job_number), 
	FOREIGN KEY(job_number) REFERENCES jobs (number) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "models_used" VALUES('garment',1);
CREATE TABLE moves (
	number INTEGER NOT NULL, 
	watched_id TEXT NOT NULL, 
	source BLOB NOT NULL, 
	target BLOB NOT NULL, 
	sha256 TEXT NOT NULL, 
	state TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(watched_id) REFERENCES watched (id) ON DELETE CASCADE
);
CREATE TABLE orders (
	id TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE outbox (
	number INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	account TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	job_id TEXT, 
	created_at TEXT NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	not_before FLOAT DEFAULT '0' NOT NULL, 
	refused_title TEXT, 
	refused_message TEXT, 
	refused_hint TEXT, 
	PRIMARY KEY (number), 
	UNIQUE ("key"), 
	FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
INSERT INTO "outbox" VALUES(1,'k2','user-1','result','{}','job1','2026-11-20T08:05:00+00:00',0,0.0,NULL,NULL,NULL);
CREATE TABLE purchases (
	"key" TEXT NOT NULL, 
	account TEXT NOT NULL, 
	package_id TEXT NOT NULL, 
	credits INTEGER NOT NULL, 
	transaction_id TEXT, 
	checkout_url TEXT, 
	state TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	settled_at TEXT, 
	PRIMARY KEY ("key")
);
INSERT INTO "purchases" VALUES('k1','user-1','small',50,NULL,NULL,'paid','2026-11-20T08:05:00+00:00',NULL);
CREATE TABLE roles (
	photo BLOB NOT NULL, 
	role TEXT NOT NULL, 
	garment TEXT NOT NULL, 
	PRIMARY KEY (photo)
);
INSERT INTO "roles" VALUES(X'2F73686F6F742F615F696E736964652E6A7067','inside','SKU-1');
CREATE TABLE synced (
	account TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	path BLOB NOT NULL, 
	result_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (account, sha256)
);
CREATE TABLE watched (
	id TEXT NOT NULL, 
	folder BLOB NOT NULL, 
	out BLOB NOT NULL, 
	recipe TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	inside TEXT, 
	settle_s FLOAT NOT NULL, 
	is_paused BOOLEAN DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "watched" VALUES('w1',X'2F696E636F6D696E67',X'2F6F7574','{"name": "invisible", "version": 1, "mode": "invisible", "engine": "auto", "extract": {"confidence_min": 0.8}, "interior": {"source": "auto"}, "figure": null, "enhance": {"method": "none", "scale": 1}, "compose": {"background": "#ffffff", "shadow": "none", "template": null, "size": null, "fill": null, "align": "center"}, "output": {"format": "png", "profile": "srgb", "quality": 92, "name": "{stem}", "metadata": "keep", "provenance": true, "layers": false, "layered": false, "templates": []}, "channels": [], "level": null}','leave',NULL,2.0,0,'2026-11-20T08:05:00+00:00');
CREATE TABLE watched_files (
	number INTEGER NOT NULL, 
	watched_id TEXT NOT NULL, 
	path BLOB NOT NULL, 
	stamp TEXT NOT NULL, 
	recipe TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	job_id TEXT, 
	message TEXT DEFAULT '' NOT NULL, 
	is_tidied BOOLEAN DEFAULT '0' NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(watched_id) REFERENCES watched (id) ON DELETE CASCADE
);
INSERT INTO "watched_files" VALUES(1,'w1',X'2F696E636F6D696E672F612E6A7067','1','r','queued','job1','',0,'2026-11-20T08:05:00+00:00');
CREATE INDEX jobs_status ON jobs (status, number);
CREATE INDEX jobs_intake_key ON jobs (intake_key);
CREATE UNIQUE INDEX jobs_open_once ON jobs (intake_key) WHERE status IN ('queued', 'running');
CREATE INDEX ix_files_job_id ON files (job_id);
CREATE INDEX files_path ON files (path);
CREATE INDEX jobs_front ON jobs (front, number);
CREATE INDEX jobs_source ON jobs (source_hash);
CREATE UNIQUE INDEX watched_once ON watched (folder, out);
CREATE UNIQUE INDEX watched_files_once ON watched_files (watched_id, path);
CREATE INDEX watched_files_job ON watched_files (job_id);
CREATE INDEX ix_moves_watched_id ON moves (watched_id);
CREATE INDEX ix_models_used_job_number ON models_used (job_number);
COMMIT;
PRAGMA user_version=5;
