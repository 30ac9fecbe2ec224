import { webhooks } from '@smtpeter-webhooks/express';
import { toSupertest } from '@smtpeter-webhooks/sender/testing';
import express from 'express';
import request from 'supertest';
import { conforms } from './endpoint.testing.js';

// Superagent is written to change bodies and headers: all cases show that it does not.
conforms('Express through supertest', (options) => {
  const app = express().set('trust proxy', 'loopback').use(webhooks(options));
  return { send: async (call) => ({ status: (await toSupertest(request(app), call)).status }) };
});
