console.log('works');
