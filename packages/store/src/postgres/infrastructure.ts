/**
 * The store's own tables: the model as it is stored, the record of migrations, and the change feed's outbox.
 *
 * The outbox is written by triggers in the writer's own transaction: an event is there exactly when its write is. Its
 * order is (xid, seq). A transaction that began earlier may commit later, so readers stop before the oldest one still
 * running (`pg_snapshot_xmin`); what they have read is then never preceded by anything new.
 */
export const infrastructureVersion = 1

/** Run in one transaction, under the migration lock. Each statement may find its object there already. */
export const infrastructure: readonly string[] = [
  `create table if not exists typestead_model (
  id integer primary key default 1 check (id = 1),
  format integer not null,
  descriptor jsonb,
  pending jsonb not null default '[]',
  options jsonb not null default '{}',
  feed_floor_xid xid8 not null default '0',
  feed_floor_seq bigint not null default 0
)`,
  `create table if not exists typestead_migrations (
  id uuid primary key,
  applied_at timestamptz(3) not null default now(),
  summary jsonb not null,
  statements jsonb not null
)`,
  `create table if not exists typestead_outbox (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  at timestamptz(3) not null default clock_timestamp(),
  entity text not null,
  op text not null,
  row jsonb not null,
  primary key (xid, seq)
)`,
  `create index if not exists typestead_outbox_at_idx on typestead_outbox (at)`,
  `create or replace function typestead_feed() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op = 'INSERT' then
    insert into typestead_outbox (entity, op, row)
      select tg_argv[0], 'create', to_jsonb(r) - tg_argv[1]::text[] from new_rows r;
  elsif tg_op = 'UPDATE' then
    insert into typestead_outbox (entity, op, row)
      select tg_argv[0], case when tg_argv[2] <> '' and to_jsonb(r) ->> tg_argv[2] is not null then 'delete' else 'update' end,
        to_jsonb(r) - tg_argv[1]::text[] from new_rows r;
  else
    insert into typestead_outbox (entity, op, row)
      select tg_argv[0], 'delete', to_jsonb(r) - tg_argv[1]::text[] from old_rows r;
  end if;
  return null;
end $$`,
  `insert into typestead_model (id, format) values (1, ${infrastructureVersion}) on conflict do nothing`,
]
