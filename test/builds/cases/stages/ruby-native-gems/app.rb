require 'pg'
require 'rack'
puts 'hello from app'
