"""Limits, shares, profiles, events; hours, tags and assigned pools of workers; the size of a job."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.create_table('farm_limit',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('capacity', sa.Float(), nullable=True),
    sa.Column('burst', sa.Float(), nullable=True),
    sa.Column('refill_per_s', sa.Float(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('filled_at', sa.DateTime(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('share',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('max_running', sa.Integer(), nullable=True),
    sa.Column('budget_gpu_hours', sa.Float(), nullable=True),
    sa.Column('budget_since', sa.DateTime(), nullable=True),
    sa.Column('pools', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'name')
    )
    op.create_table('profile',
    sa.Column('workflow', sa.String(length=100), nullable=False),
    sa.Column('variant', sa.String(length=60), nullable=False),
    sa.Column('size', sa.String(length=60), nullable=False),
    sa.Column('device_model', sa.String(length=200), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('spread', sa.Float(), nullable=False),
    sa.Column('peak_vram_gb', sa.Float(), nullable=False),
    sa.Column('peak_ram_gb', sa.Float(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('workflow', 'variant', 'size', 'device_model')
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('time', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('noun', sa.String(length=20), nullable=False),
    sa.Column('noun_id', sa.String(length=120), nullable=False),
    sa.Column('project_id', sa.String(length=26), nullable=True),
    sa.Column('change', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('event_by_noun', 'event', ['noun', 'noun_id', 'id'], unique=False)
    op.create_index('event_by_project', 'event', ['project_id', 'id'], unique=False)
    op.create_index('event_by_actor', 'event', ['actor', 'id'], unique=False)
    op.add_column('job', sa.Column('size', sa.String(length=60), nullable=False, server_default=''))
    op.add_column('worker', sa.Column('assigned_pool', sa.String(length=60), nullable=True))
    op.add_column('worker', sa.Column('tags', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('worker', sa.Column('schedule', sa.JSON(), nullable=True))
