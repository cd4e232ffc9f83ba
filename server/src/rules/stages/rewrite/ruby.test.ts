import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Ruby', {
  offers: {
    'compilers for gems': {
      text: 'FROM ⟦ruby:3.4-slim⟧\nRUN apt-get update && apt-get install -y build-essential\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\nEXPOSE 9292\nCMD ["bundle", "exec", "rackup", "-o", "0.0.0.0"]\n',
      gives:
        'FROM ruby:3.4-slim AS build\nRUN apt-get update && apt-get install -y build-essential\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n\nFROM ruby:3.4-slim\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nCOPY --chown=10001:10001 . .\nEXPOSE 9292\nUSER 10001:10001\nCMD ["bundle", "exec", "rackup", "-o", "0.0.0.0"]\n',
      title: 'ruby:3.4-slim (as 10001:10001; assumes that no gem needs another library)',
    },
    'headers of PostgreSQL': {
      text: 'FROM ⟦ruby:3.4-slim⟧\nRUN apt-get update && apt-get install -y build-essential libpq-dev git\nWORKDIR /app\nCOPY . .\nENV RAILS_ENV=production BUNDLE_JOBS=4\nRUN bundle config set --local without "development test" && bundle install && bundle exec rails assets:precompile\nCMD ["bundle", "exec", "puma"]\n',
      context: {
        Gemfile: '',
        'Gemfile.lock':
          'GEM\n  remote: https://rubygems.org/\n  specs:\n    pg (1.0)\n    puma (1.0)\n\nDEPENDENCIES\n',
      },
      gives:
        'FROM ruby:3.4-slim AS build\nRUN apt-get update && apt-get install -y build-essential libpq-dev git\nWORKDIR /app\nCOPY . .\nENV RAILS_ENV=production BUNDLE_JOBS=4\nRUN bundle config set --local without "development test" && bundle install && bundle exec rails assets:precompile\n\nFROM ruby:3.4-slim\nENV RAILS_ENV=production BUNDLE_JOBS=4\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nUSER 10001:10001\nCMD ["bundle", "exec", "puma"]\n',
      title: 'ruby:3.4-slim (as 10001:10001)',
    },
    'the full image and native gems': {
      text: 'FROM ⟦ruby:3.4⟧\nWORKDIR /app\nCOPY . .\nRUN gem install bundler && bundle install\nUSER 1000\nCMD ["bundle", "exec", "puma"]\n',
      context: {
        Gemfile: '',
        'Gemfile.lock':
          'GEM\n  remote: https://rubygems.org/\n  specs:\n    pg (1.0)\n    puma (1.0)\n\nDEPENDENCIES\n',
      },
      gives:
        'FROM ruby:3.4 AS build\nWORKDIR /app\nCOPY . .\nRUN gem install bundler && bundle install\n\nFROM ruby:3.4-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCOPY --from=build /app /app\nWORKDIR /app\nUSER 1000\nCMD ["bundle", "exec", "puma"]\n',
      title: 'ruby:3.4-slim (as 1000)',
    },
    alpine: {
      text: 'FROM ⟦ruby:3.4-alpine⟧\nRUN apk add --no-cache build-base postgresql-dev\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["puma"]\n',
      gives:
        'FROM ruby:3.4-alpine AS build\nRUN apk add --no-cache build-base postgresql-dev\nWORKDIR /app\nCOPY . .\nRUN bundle install\n\nFROM ruby:3.4-alpine\nRUN apk add --no-cache libpq libstdc++\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nUSER 10001:10001\nCMD ["puma"]\n',
      title: 'ruby:3.4-alpine (as 10001:10001; assumes that no gem needs another library)',
    },
  },
  declines: {
    'node for assets': {
      text: 'FROM ⟦ruby:3.4⟧\nRUN apt-get update && apt-get install -y build-essential nodejs\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["puma"]\n',
      reason: 'may need nodejs',
    },
    'gems elsewhere': {
      text: 'FROM ⟦ruby:3.4⟧\nRUN apt-get update && apt-get install -y build-essential\nENV BUNDLE_PATH=/gems\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["puma"]\n',
      reason: 'into another folder',
    },
    'a gem with a program of the system': {
      text: 'FROM ⟦ruby:3.4⟧\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["puma"]\n',
      context: {
        Gemfile: '',
        'Gemfile.lock':
          'GEM\n  remote: https://rubygems.org/\n  specs:\n    puma (1.0)\n    rmagick (1.0)\n\nDEPENDENCIES\n',
      },
      reason: 'rmagick needs',
    },
    'no folder of its own': {
      text: 'FROM ⟦ruby:3.4⟧\nRUN apt-get update && apt-get install -y build-essential\nCOPY . /\nRUN bundle install\nCMD ["puma"]\n',
      reason: 'add a WORKDIR',
    },
    'a script of its own': {
      text: 'FROM ⟦ruby:3.4⟧\nRUN apt-get update && apt-get install -y build-essential\nWORKDIR /app\nCOPY . .\nRUN bundle install && ./bin/setup\nCMD ["puma"]\n',
      reason: 'also calls setup',
    },
  },
});
