-- Puts delayed tasks whose time has come into the line. Returns the ms until the next one, or -1.
local promoted = promote()
if promoted > 0 then
	wake(promoted)
end
local due = nextDue()
return due and math.max(0, due - now) or -1
