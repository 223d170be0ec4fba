"""Damaged media, and objects that no media names."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('sweepmark',
    sa.Column('path', sa.String(length=400), nullable=False),
    sa.Column('marked_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('path')
    )
    op.add_column('media', sa.Column('damaged_at', sa.DateTime(), nullable=True))
