import { route } from '@react-router/dev/routes';

export default [route('hooks/smtpeter', 'routes/smtpeter.js')];
