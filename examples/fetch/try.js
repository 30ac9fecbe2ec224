import { receive } from './handler.js';

const url = process.env.WEBHOOK_URL ?? 'https://example.com/hooks/smtpeter';
const response = await receive(new Request(url, { method: 'POST', body: '{"type":"open"}' }));
console.log(`an unsigned call is answered ${response.status}`);
