"""What people say of takes, and where on the picture."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.create_table('reviewnote',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('project_id', sa.String(), nullable=False),
    sa.Column('shot_id', sa.String(), nullable=False),
    sa.Column('take_id', sa.String(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(length=4000), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('frame', sa.Integer(), nullable=True),
    sa.Column('resolved', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id']),
    sa.ForeignKeyConstraint(['shot_id'], ['shot.id']),
    sa.ForeignKeyConstraint(['take_id'], ['take.id']),
    sa.PrimaryKeyConstraint('id')
    )
    for name in ('deleted_at', 'project_id', 'shot_id', 'take_id'):
        op.create_index(f'ix_reviewnote_{name}', 'reviewnote', [name], unique=False)
