"""What a worker's engines and workflows lack on its box."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.add_column('worker', sa.Column('lacking', sa.JSON(), nullable=False, server_default='{}'))
