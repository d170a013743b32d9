-- Creates what is missing and keeps what is there, on H2 and on PostgreSQL.

create table if not exists token_policy (
	id int primary key check (id = 1),
	expires_in bigint not null
);

insert into token_policy (id, expires_in)
select 1, 3600 where not exists (select 1 from token_policy);

create table if not exists collections (
	name varchar(64) primary key
);

create table if not exists fields (
	collection varchar(64) not null references collections (name) on delete cascade,
	name varchar(64) not null,
	primary key (collection, name)
);

create table if not exists records (
	id bigint primary key,
	collection varchar(64) not null references collections (name) on delete cascade,
	sort bigint not null,
	body text not null,
	unique (collection, sort)
);

create table if not exists tasks (
	id varchar(200) primary key,
	status varchar(16) not null,
	done int not null,
	total int not null,
	attempts int not null,
	executions int not null,
	instance_id varchar(200),
	step_millis bigint not null,
	failures int not null,
	max_retries int not null
);
