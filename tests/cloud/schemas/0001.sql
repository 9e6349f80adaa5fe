BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_keys (
	tenant_id CHAR(32) NOT NULL, 
	provider VARCHAR(60) NOT NULL, 
	wrapper VARCHAR(255) NOT NULL, 
	wrapped_key BLOB NOT NULL, 
	nonce BLOB NOT NULL, 
	ciphertext BLOB NOT NULL, 
	last_four VARCHAR(4) NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT fk_api_keys_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT uq_api_keys_tenant_id_provider UNIQUE (tenant_id, provider)
);
CREATE TABLE audit_log (
	user_id CHAR(32), 
	tenant_id CHAR(32), 
	action VARCHAR(60) NOT NULL, 
	subject VARCHAR(100) NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_audit_log PRIMARY KEY (id), 
	CONSTRAINT fk_audit_log_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_audit_log_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE TABLE backgrounds (
	tenant_id CHAR(32), 
	name VARCHAR(60) NOT NULL, 
	colour VARCHAR(11), 
	object_key VARCHAR(255), 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_backgrounds PRIMARY KEY (id), 
	CONSTRAINT fk_backgrounds_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
INSERT INTO "backgrounds" VALUES(NULL,'white','#ffffff',NULL,'695f654d470a5b22b496d6c9c0bafbd5','2026-11-23 00:00:00.000000');
INSERT INTO "backgrounds" VALUES(NULL,'light-grey','#f2f2f2',NULL,'277df5fc52825a7a86fcd67cf1386ead','2026-11-23 00:00:00.000000');
INSERT INTO "backgrounds" VALUES(NULL,'black','#000000',NULL,'3067c4156816511799223d536d7fbce4','2026-11-23 00:00:00.000000');
INSERT INTO "backgrounds" VALUES(NULL,'transparent','transparent',NULL,'0d73281b45b957caa4317f9bfe5833f8','2026-11-23 00:00:00.000000');
CREATE TABLE device_grants (
	device_code_hash VARCHAR(64) NOT NULL, 
	user_code VARCHAR(9) NOT NULL, 
	device_name VARCHAR(100) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	polled_at DATETIME, 
	user_id CHAR(32), 
	denied BOOLEAN NOT NULL, 
	redeemed_at DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_device_grants PRIMARY KEY (id), 
	CONSTRAINT fk_device_grants_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_device_grants_device_code_hash UNIQUE (device_code_hash), 
	CONSTRAINT uq_device_grants_user_code UNIQUE (user_code)
);
CREATE TABLE devices (
	user_id CHAR(32) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id), 
	CONSTRAINT fk_devices_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE TABLE idempotency_keys (
	user_id CHAR(32) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	resource_id CHAR(32) NOT NULL, 
	answer JSON, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_idempotency_keys PRIMARY KEY (id), 
	CONSTRAINT fk_idempotency_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_idempotency_keys_user_id_key UNIQUE (user_id, "key")
);
CREATE TABLE jobs (
	user_id CHAR(32) NOT NULL, 
	tenant_id CHAR(32) NOT NULL, 
	task_id VARCHAR(36) NOT NULL, 
	status VARCHAR(30) NOT NULL, 
	model_type VARCHAR(30) NOT NULL, 
	pose_id CHAR(32), 
	background_id CHAR(32), 
	recipe JSON NOT NULL, 
	priority VARCHAR(30) NOT NULL, 
	credits INTEGER NOT NULL, 
	credits_used INTEGER NOT NULL, 
	photo_name VARCHAR(255) NOT NULL, 
	input_key VARCHAR(255) NOT NULL, 
	output_key VARCHAR(255), 
	output_type VARCHAR(60), 
	output_bytes BIGINT, 
	output_sha256 VARCHAR(64), 
	output_width INTEGER, 
	output_height INTEGER, 
	preview_key VARCHAR(255), 
	report JSON, 
	progress INTEGER NOT NULL, 
	stage VARCHAR(30) NOT NULL, 
	attempts INTEGER NOT NULL, 
	lease_token VARCHAR(36), 
	lease_expires_at DATETIME, 
	not_before DATETIME, 
	dispatched_at DATETIME, 
	cancel_requested BOOLEAN NOT NULL, 
	error_title VARCHAR(255), 
	error_message VARCHAR(2000), 
	error_hint VARCHAR(1000), 
	started_at DATETIME, 
	completed_at DATETIME, 
	processing_seconds DOUBLE, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT ck_jobs_credits_used CHECK (credits_used >= 0), 
	CONSTRAINT ck_jobs_progress CHECK (progress BETWEEN 0 AND 100), 
	CONSTRAINT fk_jobs_background_id_backgrounds FOREIGN KEY(background_id) REFERENCES backgrounds (id), 
	CONSTRAINT fk_jobs_pose_id_poses FOREIGN KEY(pose_id) REFERENCES poses (id), 
	CONSTRAINT fk_jobs_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_jobs_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_jobs_task_id UNIQUE (task_id), 
	CONSTRAINT ck_jobs_jobstatus CHECK (status IN ('queued', 'running', 'needs_review', 'done', 'failed', 'cancelled')), 
	CONSTRAINT ck_jobs_modeltype CHECK (model_type IN ('invisible', 'human')), 
	CONSTRAINT ck_jobs_priority CHECK (priority IN ('high', 'default', 'low'))
);
CREATE TABLE ledger_accounts (
	id CHAR(32) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	user_id CHAR(32), 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (id), 
	CONSTRAINT fk_ledger_accounts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_ledger_accounts_user_id_kind UNIQUE (user_id, kind), 
	CONSTRAINT ck_ledger_accounts_accountkind CHECK (kind IN ('available', 'reserved', 'owed', 'sales', 'usage', 'promotion'))
);
INSERT INTO "ledger_accounts" VALUES('0edb0167e6af556bbec0506cd886b3e4','sales',NULL);
INSERT INTO "ledger_accounts" VALUES('f4a106149a865c12b4f3164aaec5dbd4','usage',NULL);
INSERT INTO "ledger_accounts" VALUES('0d01c1d0f41f5d8bad0085c05e65a18e','promotion',NULL);
INSERT INTO "ledger_accounts" VALUES('4cf9de96af1a505480a1a979f2daf6c1','available','ec421c2acdf7484b904aac2401e48e6d');
INSERT INTO "ledger_accounts" VALUES('813ea39925795c08989749b1ebb8e7c9','reserved','ec421c2acdf7484b904aac2401e48e6d');
INSERT INTO "ledger_accounts" VALUES('67ec1a803c275fa09f7e2c70fdccedcd','owed','ec421c2acdf7484b904aac2401e48e6d');
CREATE TABLE ledger_transfers (
	number INTEGER NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	source_id CHAR(32) NOT NULL, 
	target_id CHAR(32) NOT NULL, 
	amount INTEGER NOT NULL, 
	job_id CHAR(32), 
	transaction_id CHAR(32), 
	settles VARCHAR(20), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_ledger_transfers PRIMARY KEY (number), 
	CONSTRAINT ck_ledger_transfers_amount CHECK (amount > 0), 
	CONSTRAINT ck_ledger_transfers_two_accounts CHECK (source_id <> target_id), 
	CONSTRAINT fk_ledger_transfers_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_ledger_transfers_source_id_ledger_accounts FOREIGN KEY(source_id) REFERENCES ledger_accounts (id), 
	CONSTRAINT fk_ledger_transfers_target_id_ledger_accounts FOREIGN KEY(target_id) REFERENCES ledger_accounts (id), 
	CONSTRAINT fk_ledger_transfers_transaction_id_transactions FOREIGN KEY(transaction_id) REFERENCES transactions (id), 
	CONSTRAINT uq_ledger_transfers_job_id_settles UNIQUE (job_id, settles), 
	CONSTRAINT uq_ledger_transfers_transaction_id_settles UNIQUE (transaction_id, settles), 
	CONSTRAINT ck_ledger_transfers_transferkind CHECK (kind IN ('purchase', 'reversal', 'promotion', 'reserve', 'spend', 'release', 'debt'))
);
INSERT INTO "ledger_transfers" VALUES(1,'promotion','0d01c1d0f41f5d8bad0085c05e65a18e','4cf9de96af1a505480a1a979f2daf6c1',7,NULL,NULL,NULL,'2026-11-26 11:51:57.330096');
CREATE TABLE licences (
	tenant_id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	installation VARCHAR(64) NOT NULL, 
	device_name VARCHAR(100) NOT NULL, 
	"plan" VARCHAR(30) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	released_at DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_licences PRIMARY KEY (id), 
	CONSTRAINT fk_licences_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_licences_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_licences_tenant_id_installation UNIQUE (tenant_id, installation)
);
CREATE TABLE poses (
	tenant_id CHAR(32), 
	name VARCHAR(60) NOT NULL, 
	description VARCHAR(255) NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_poses PRIMARY KEY (id), 
	CONSTRAINT fk_poses_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
INSERT INTO "poses" VALUES(NULL,'standing','Upright, arms at the sides','48ee3ef419285ff6b28f0d656989ecf6','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'arms-away','Upright, arms a little away from the body','2d84389a042b5ca9ab170cd41992a61f','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'arm-raised','One arm raised','b61cd06046b15d848d4aa955588b288e','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'contrapposto','Weight on one leg, one hip higher','b9cc64baeb29546ea53da7b6687f46d2','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'walking','A step, seen from the front','ca36fbcdf3cc5258a7269134c1fe6720','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'step-forward','One foot forward','4d33a0c961bf5c788c743606873fbb6d','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'legs-crossed','Upright, legs crossed','a9e833d2d3545715a269ea933afc2693','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hand-in-pocket','One hand at the pocket','d8a0c0a23ef7537da2b42bf31b0053c7','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hands-in-pockets','Both hands at the pockets','3563934a6983514482b5de967b4ba6e4','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hand-on-hip-left','The left hand on the hip','330210783f7a5b96affaf28889aab406','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hand-on-hip-right','The right hand on the hip','86435057054c508ebcd2e941a8b109a3','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hands-on-hips','Both hands on the hips','6850746baa5759099558ee5b0b853944','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'hands-behind-back','Both hands behind the back','5c9bcb7180fa5d5f824210db46e96706','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'turned-left','Turned to the left','eab77d51dea15727a067bfe48fad4bbd','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'turned-right','Turned to the right','896f18bffc9355a28406de66a48fd9d0','2026-11-23 00:00:00.000000');
INSERT INTO "poses" VALUES(NULL,'from-behind','Seen from behind','583e5c87c39751f09b0402c6601d13f8','2026-11-23 00:00:00.000000');
CREATE TABLE refresh_tokens (
	token_hash VARCHAR(64) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_refresh_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_refresh_tokens_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id) ON DELETE CASCADE, 
	CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash)
);
CREATE TABLE results (
	user_id CHAR(32) NOT NULL, 
	tenant_id CHAR(32) NOT NULL, 
	job_id CHAR(32), 
	sha256 VARCHAR(64) NOT NULL, 
	bytes BIGINT NOT NULL, 
	content_type VARCHAR(60) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	object_key VARCHAR(255) NOT NULL, 
	preview_key VARCHAR(255) NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (id), 
	CONSTRAINT fk_results_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_results_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_results_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_results_user_id_sha256 UNIQUE (user_id, sha256)
);
CREATE TABLE tenants (
	kind VARCHAR(30) NOT NULL, 
	"plan" VARCHAR(30) NOT NULL, 
	plan_until DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_tenants PRIMARY KEY (id), 
	CONSTRAINT ck_tenants_usertype CHECK (kind IN ('individual', 'business', 'enterprise'))
);
INSERT INTO "tenants" VALUES('individual','free',NULL,'7bf23e0899c041beb6fbdee3b8062f37','2026-11-26 11:51:57.310551');
CREATE TABLE transactions (
	user_id CHAR(32) NOT NULL, 
	tenant_id CHAR(32) NOT NULL, 
	type VARCHAR(30) NOT NULL, 
	status VARCHAR(30) NOT NULL, 
	amount_cents INTEGER NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	credits_amount INTEGER NOT NULL, 
	package_id VARCHAR(40), 
	stripe_payment_id VARCHAR(255), 
	stripe_session_id VARCHAR(255), 
	stripe_refund_id VARCHAR(255), 
	parent_id CHAR(32), 
	job_id CHAR(32), 
	paid BOOLEAN NOT NULL, 
	refunded_cents INTEGER NOT NULL, 
	dispute VARCHAR(30) NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_transactions PRIMARY KEY (id), 
	CONSTRAINT ck_transactions_amount_cents CHECK (amount_cents >= 0), 
	CONSTRAINT fk_transactions_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_transactions_parent_id_transactions FOREIGN KEY(parent_id) REFERENCES transactions (id), 
	CONSTRAINT fk_transactions_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_transactions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_transactions_job_id UNIQUE (job_id), 
	CONSTRAINT uq_transactions_stripe_payment_id UNIQUE (stripe_payment_id), 
	CONSTRAINT uq_transactions_stripe_refund_id UNIQUE (stripe_refund_id), 
	CONSTRAINT uq_transactions_stripe_session_id UNIQUE (stripe_session_id), 
	CONSTRAINT ck_transactions_transactiontype CHECK (type IN ('credit_purchase', 'processing_fee', 'refund')), 
	CONSTRAINT ck_transactions_transactionstatus CHECK (status IN ('pending', 'succeeded', 'failed', 'partially_refunded', 'refunded', 'disputed')), 
	CONSTRAINT ck_transactions_disputestatus CHECK (dispute IN ('none', 'open', 'won', 'lost'))
);
CREATE TABLE uploads (
	user_id CHAR(32) NOT NULL, 
	tenant_id CHAR(32) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	bytes BIGINT NOT NULL, 
	received_bytes BIGINT NOT NULL, 
	parts JSON NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	touched_at DATETIME NOT NULL, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT fk_uploads_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_uploads_user_id_sha256 UNIQUE (user_id, sha256)
);
CREATE TABLE users (
	email VARCHAR(255) NOT NULL, 
	password_hash VARCHAR(255) NOT NULL, 
	full_name VARCHAR(255), 
	company_name VARCHAR(255), 
	user_type VARCHAR(30) NOT NULL, 
	tenant_id CHAR(32) NOT NULL, 
	role VARCHAR(30) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	updated_at DATETIME NOT NULL, 
	erased_at DATETIME, 
	id CHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT fk_users_tenant_id_tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id), 
	CONSTRAINT uq_users_email UNIQUE (email), 
	CONSTRAINT ck_users_usertype CHECK (user_type IN ('individual', 'business', 'enterprise')), 
	CONSTRAINT ck_users_role CHECK (role IN ('owner', 'member'))
);
INSERT INTO "users" VALUES('kept@example.com','$argon2id$v=19$m=65536,t=3,p=4$Dj6NkwbaVEZ+aoYZTwx1UQ$G/i3+PB+urNWW2NuDglkZac22q4ECghEDZ77hwokRDM',NULL,NULL,'individual','7bf23e0899c041beb6fbdee3b8062f37','owner',1,'2026-11-26 11:51:57.313757',NULL,'ec421c2acdf7484b904aac2401e48e6d','2026-11-26 11:51:57.313764');
CREATE TABLE webhook_events (
	id VARCHAR(255) NOT NULL, 
	type VARCHAR(80) NOT NULL, 
	facts JSON NOT NULL, 
	payment_id VARCHAR(255), 
	applied BOOLEAN NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_webhook_events PRIMARY KEY (id)
);
CREATE INDEX ix_webhook_events_applied ON webhook_events (applied);
CREATE INDEX ix_webhook_events_payment_id ON webhook_events (payment_id);
CREATE INDEX ix_backgrounds_tenant_id ON backgrounds (tenant_id);
CREATE INDEX ix_poses_tenant_id ON poses (tenant_id);
CREATE INDEX ix_users_tenant_id ON users (tenant_id);
CREATE INDEX ix_users_user_type ON users (user_type);
CREATE INDEX ix_audit_log_tenant_id_created_at ON audit_log (tenant_id, created_at);
CREATE INDEX ix_audit_log_user_id ON audit_log (user_id);
CREATE INDEX ix_device_grants_expires_at ON device_grants (expires_at);
CREATE INDEX ix_devices_user_id ON devices (user_id);
CREATE INDEX ix_jobs_status_lease_expires_at ON jobs (status, lease_expires_at);
CREATE INDEX ix_jobs_tenant_id ON jobs (tenant_id);
CREATE INDEX ix_jobs_user_id_created_at ON jobs (user_id, created_at);
CREATE INDEX ix_licences_user_id ON licences (user_id);
CREATE INDEX ix_uploads_touched_at ON uploads (touched_at);
CREATE INDEX ix_refresh_tokens_device_id ON refresh_tokens (device_id);
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX ix_results_tenant_id ON results (tenant_id);
CREATE INDEX ix_results_user_id_created_at ON results (user_id, created_at);
CREATE INDEX ix_transactions_parent_id ON transactions (parent_id);
CREATE INDEX ix_transactions_tenant_id ON transactions (tenant_id);
CREATE INDEX ix_transactions_user_id_created_at ON transactions (user_id, created_at);
CREATE INDEX ix_ledger_transfers_source_id_number ON ledger_transfers (source_id, number);
CREATE INDEX ix_ledger_transfers_target_id_number ON ledger_transfers (target_id, number);
CREATE TRIGGER append_only_ledger_transfers_update BEFORE UPDATE ON ledger_transfers BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;
CREATE TRIGGER append_only_ledger_transfers_delete BEFORE DELETE ON ledger_transfers BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;
COMMIT;
