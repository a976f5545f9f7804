"""Openings given to hiring managers, passkeys of staff, the confirmed time zone and the logo"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime
from storage.seal_column import SealedType

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.create_table('opening_manager',
    sa.Column('opening_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('staff_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('given_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], ),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('opening_id', 'staff_id')
    )
    op.create_index('ix_opening_manager_staff_id', 'opening_manager', ['staff_id'], unique=False)
    op.create_table('passkey',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('staff_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('credential_digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('credential', SealedType(), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('credential_digest')
    )
    op.create_index('ix_passkey_staff_id', 'passkey', ['staff_id'], unique=False)
    op.add_column('installation', sa.Column('zone_confirmed', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('installation', sa.Column('logo', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('installation', 'logo')
    op.drop_column('installation', 'zone_confirmed')
    op.drop_index('ix_passkey_staff_id', table_name='passkey')
    op.drop_table('passkey')
    op.drop_index('ix_opening_manager_staff_id', table_name='opening_manager')
    op.drop_table('opening_manager')
