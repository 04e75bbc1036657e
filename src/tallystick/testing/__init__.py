"""What tests of contracts, ours and others', are made of: tables, factories, stores in memory."""
