import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('PHP', {
  offers: {
    'extensions stay': {
      text: 'FROM ⟦php:8.4-apache⟧\nRUN docker-php-ext-install pdo_mysql\nENV APP_ENV=prod\n\n# Composer\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nRUN apt-get update && apt-get install -y git unzip\nENV COMPOSER_ALLOW_SUPERUSER=1\nCOPY . .\nRUN composer install --no-dev\nEXPOSE 80\n',
      gives:
        'FROM php:8.4-apache AS base\nRUN docker-php-ext-install pdo_mysql\nENV APP_ENV=prod\n\nFROM base AS build\n# Composer\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nRUN apt-get update && apt-get install -y git unzip\nENV COMPOSER_ALLOW_SUPERUSER=1\nCOPY . .\nRUN composer install --no-dev\n\nFROM base\nCOPY --from=build /var/www/html /var/www/html\nWORKDIR /var/www/html\nEXPOSE 80\n',
      title: 'a base that both share (as root, as before)',
    },
    'the installer': {
      text: 'FROM ⟦php:8.4-fpm⟧ AS app\nRUN docker-php-ext-install opcache\nRUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-dev --no-scripts\nCOPY . .\nRUN composer dump-autoload && chown -R www-data:www-data /app/var\nUSER www-data\nCMD ["php-fpm"]\n',
      gives:
        'FROM php:8.4-fpm AS base\nRUN docker-php-ext-install opcache\n\nFROM base AS build\nRUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-dev --no-scripts\nCOPY . .\nRUN composer dump-autoload && chown -R www-data:www-data /app/var\n\nFROM base AS app\nCOPY --from=build /app /app\nWORKDIR /app\nUSER www-data\nCMD ["php-fpm"]\n',
      title: 'a base that both share (as www-data, as before)',
    },
    'a file elsewhere': {
      text: 'FROM ⟦php:8.4-cli-alpine⟧\nCOPY --from=composer /usr/bin/composer /usr/local/bin/composer\nCOPY php.ini /usr/local/etc/php/php.ini\nWORKDIR /srv\nCOPY . .\nRUN composer install\nCMD ["php", "index.php"]\n',
      gives:
        'FROM php:8.4-cli-alpine AS build\nCOPY --from=composer /usr/bin/composer /usr/local/bin/composer\nCOPY php.ini /usr/local/etc/php/php.ini\nWORKDIR /srv\nCOPY . .\nRUN composer install\n\nFROM php:8.4-cli-alpine\nCOPY --from=build /srv /srv\nCOPY --from=build /usr/local/etc/php/php.ini /usr/local/etc/php/php.ini\nWORKDIR /srv\nCMD ["php", "index.php"]\n',
      title: 'php:8.4-cli-alpine (as root)',
    },
    'lower case': {
      text: 'from ⟦php:8.4-cli⟧\nrun docker-php-ext-install intl\ncopy --from=composer /usr/bin/composer /usr/bin/composer\nworkdir /srv\ncopy . .\nrun composer install\ncmd ["php", "index.php"]\n',
      gives:
        'from php:8.4-cli as base\nrun docker-php-ext-install intl\n\nfrom base as build\ncopy --from=composer /usr/bin/composer /usr/bin/composer\nworkdir /srv\ncopy . .\nrun composer install\n\nfrom base\ncopy --from=build /srv /srv\nworkdir /srv\ncmd ["php", "index.php"]\n',
      title: 'a base that both share (as root, as before)',
    },
  },
  declines: {
    'extensions behind Composer': {
      text: 'FROM ⟦php:8.4-apache⟧\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nCOPY . .\nRUN composer install\nRUN docker-php-ext-install intl\nCMD ["apache2-foreground"]\n',
      reason: 'also calls docker-php-ext-install',
    },
    'the project comes first': {
      text: 'FROM ⟦php:8.4-apache⟧\nCOPY . /var/www/html\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nRUN composer install\nCMD ["apache2-foreground"]\n',
      reason: 'bring Composer in first',
    },
    'an argument of both parts': {
      text: 'FROM ⟦php:8.4-apache⟧\nARG MODE\nRUN echo $MODE\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nCOPY . .\nRUN composer install $MODE\nCMD ["apache2-foreground"]\n',
      reason: 'ARG MODE',
    },
    'a package of the distribution': {
      text: 'FROM ⟦php:8.4-apache⟧\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nRUN apt-get update && apt-get install -y imagemagick\nCOPY . .\nRUN composer install\nCMD ["apache2-foreground"]\n',
      reason: 'may need imagemagick',
    },
    'a script of the framework': {
      text: 'FROM ⟦php:8.4-apache⟧\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nCOPY . .\nRUN composer install && php artisan key:generate\nCMD ["apache2-foreground"]\n',
      reason: 'also calls php',
    },
  },
});
