-- ARGV: session. Gives back what it has; nobody has died.
release(ARGV[1], false)
return 1
