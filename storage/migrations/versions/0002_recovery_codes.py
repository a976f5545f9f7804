"""Recovery codes of staff, and the day on which the copy of the keys was confirmed"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('recovery_code',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('staff_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('code_digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code_digest')
    )
    op.create_index('ix_recovery_code_staff_id', 'recovery_code', ['staff_id'], unique=False)
    op.add_column('installation', sa.Column('keys_confirmed_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('installation', 'keys_confirmed_at')
    op.drop_index('ix_recovery_code_staff_id', table_name='recovery_code')
    op.drop_table('recovery_code')
