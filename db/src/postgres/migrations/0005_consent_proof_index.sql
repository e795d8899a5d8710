-- Removing a business removes its consents with their ledger lines; without this every line would scan all answers.
create index consents_by_proof on consents (ledger_id);
