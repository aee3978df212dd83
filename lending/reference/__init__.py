"""What the state and the lender have decreed, as files that ship with the house: regions, holidays, products. Imports nothing."""
