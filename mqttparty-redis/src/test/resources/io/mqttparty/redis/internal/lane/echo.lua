-- include twice
return {KEYS[1], twice(ARGV[1]), #KEYS, {false, 'x', {}}}
