WORD = "state"
