"""Campaigns, requests with their clocks, policies that wait for assent, ways of contact and notices in DPV terms"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime
from storage.seal_column import SealedType

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.Enum('renewal', 'new_use', name='campaignkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('policy_version', sa.String(length=40), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('unreached', sa.Integer(), nullable=False),
    sa.Column('agreed', sa.Integer(), nullable=False),
    sa.Column('declined', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kind', 'label')
    )
    op.create_index('ix_campaign_started_at', 'campaign', ['started_at'], unique=False)
    op.create_table('policy_proposal',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('policy_toml', sa.Text(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.String(length=64), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('newly_due', sa.Integer(), nullable=False),
    sa.Column('agreed_by', sa.String(length=200), nullable=False),
    sa.Column('posted_at', UtcDateTime(), nullable=True),
    sa.Column('dropped_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('campaign_letter',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('campaign_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'told', 'unreached', name='letterstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('mail_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('token_digest', sa.LargeBinary(length=32), nullable=True),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('told_at', UtcDateTime(), nullable=True),
    sa.Column('answer', sa.Enum('none', 'agreed', 'declined', name='answer', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_digest')
    )
    op.create_index('ix_campaign_letter_campaign_id', 'campaign_letter', ['campaign_id'], unique=False)
    op.create_index('ix_campaign_letter_mail_id', 'campaign_letter', ['mail_id'], unique=False)
    op.create_index('ix_campaign_letter_person', 'campaign_letter', ['person_id', 'campaign_id'], unique=False)
    op.create_index('ix_campaign_letter_state', 'campaign_letter', ['state'], unique=False)
    op.create_table('rights_request',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('right', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.Enum('form', 'email', 'post', 'phone', 'chat', 'event', 'survey', 'newsletter', 'forum', 'social_page', 'import', 'api', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('arrived_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('extended_from', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Enum('open', 'done', 'partly', 'refused', name='requestoutcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('text', SealedType(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_rights_request_due_on', 'rights_request', ['due_on'], unique=False)
    op.create_index('ix_rights_request_person_id', 'rights_request', ['person_id'], unique=False)
    op.add_column('basis_event', sa.Column('contact', sa.String(length=16), nullable=False, server_default=''))
    op.add_column('notice_version', sa.Column('described', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('person', sa.Column('purpose_ends_on', sa.Date(), nullable=True))
    op.create_index('ix_person_purpose_ends_on', 'person', ['purpose_ends_on'], unique=False)
    # Every end is worked out anew in the next night, so that ends of single purposes are known too.
    op.execute("UPDATE person SET policy_version = ''")


def downgrade() -> None:
    op.drop_index('ix_person_purpose_ends_on', table_name='person')
    op.drop_column('person', 'purpose_ends_on')
    op.drop_column('notice_version', 'described')
    op.drop_column('basis_event', 'contact')
    op.drop_index('ix_rights_request_person_id', table_name='rights_request')
    op.drop_index('ix_rights_request_due_on', table_name='rights_request')
    op.drop_table('rights_request')
    op.drop_index('ix_campaign_letter_state', table_name='campaign_letter')
    op.drop_index('ix_campaign_letter_person', table_name='campaign_letter')
    op.drop_index('ix_campaign_letter_mail_id', table_name='campaign_letter')
    op.drop_index('ix_campaign_letter_campaign_id', table_name='campaign_letter')
    op.drop_table('campaign_letter')
    op.drop_table('policy_proposal')
    op.drop_index('ix_campaign_started_at', table_name='campaign')
    op.drop_table('campaign')
