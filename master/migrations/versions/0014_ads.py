"""Ads, and the jobs that make them."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.create_table('ad',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('project_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('user', sa.String(length=120), nullable=False),
    sa.Column('workflow', sa.String(length=100), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('branches', sa.JSON(), nullable=False),
    sa.Column('prompts', sa.JSON(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('mask_id', sa.String(length=26), nullable=True),
    sa.Column('ignored', sa.JSON(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=200), nullable=True),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ad_idempotency', 'ad', ['user', 'idempotency_key'], unique=True)
    for name in ('deleted_at', 'project_id'):
        op.create_index(f'ix_ad_{name}', 'ad', [name], unique=False)
    op.create_table('adstage',
    sa.Column('ad_id', sa.String(), nullable=False),
    sa.Column('branch', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('earlier', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ad_id'], ['ad.id']),
    sa.ForeignKeyConstraint(['job_id'], ['job.id']),
    sa.PrimaryKeyConstraint('ad_id', 'branch', 'key')
    )
    op.create_index('ix_adstage_job_id', 'adstage', ['job_id'], unique=False)
