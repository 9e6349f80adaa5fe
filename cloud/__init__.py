"""The account service: users, credits, payments, licences, results and cloud rendering."""
