<?php
require __DIR__ . '/vendor/autoload.php';
echo extension_loaded('pdo_mysql');
echo "hello from index";
