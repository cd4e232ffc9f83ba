import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { composerCacheKept } from './composer-cache-kept.ts';

const from = 'FROM php:8.4-cli\n';

describeRule(composerCacheKept, {
  accepts: {
    cleared: `${from}RUN composer install && composer clear-cache`,
    'no cache': `${from}RUN composer install --no-cache`,
    'no cache, by variable': `${from}ENV COMPOSER_CACHE_DIR=/dev/null\nRUN composer install`,
    removed: `${from}RUN composer install && rm -rf /root/.composer`,
    'a cache mount': `${from}RUN --mount=type=cache,target=/tmp/cache composer install`,
    'a stage that does not ship':
      'FROM composer:2 AS vendor\nRUN composer install\nFROM php:8.4-cli\nCOPY --from=vendor /app/vendor vendor',
    'no download': `${from}RUN composer dump-autoload --optimize`,
  },
  fixes: {
    'a mount of a file': [
      `${from}RUN --mount=type=bind,source=composer.json,target=composer.json composer ⟦install⟧`,
      `${from}RUN --mount=type=bind,source=composer.json,target=composer.json composer install && composer clear-cache`,
    ],
    plain: [
      `${from}RUN composer ⟦install⟧ --no-dev`,
      { text: `${from}RUN composer install --no-dev && composer clear-cache`, safety: 'safe' },
    ],
    'over lines': [
      `${from}RUN a \\\n && composer ⟦require⟧ x/y \\\n && b`,
      `${from}RUN a \\\n && composer require x/y \\\n && composer clear-cache \\\n && b`,
    ],
  },
  reports: { guarded: `${from}RUN composer ⟦install⟧ || true` },
});
