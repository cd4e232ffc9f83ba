import express from 'express';

interface Article {
  id: number;
  name: string;
  cents: number;
}

const articles: Article[] = [
  { id: 1, name: 'Rope', cents: 1290 },
  { id: 2, name: 'Anchor', cents: 18900 },
];

const app = express();

app.get('/articles', (_request, response) => {
  response.json(articles);
});

app.get('/articles/:id', (request, response) => {
  const article = articles.find(({ id }) => id === Number(request.params.id));
  if (article) response.json(article);
  else response.status(404).json({ error: 'no such article' });
});

app.listen(3000, () => console.log('listening on port 3000'));
