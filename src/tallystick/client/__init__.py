"""What programs outside import: a ledger to talk to, a wallet, proofs and their verification."""
