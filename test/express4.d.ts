/** Express 4 under another name: for what the tests do with it, the types of Express 5 fit. */
declare module 'express4' {
  import express from 'express';
  export default express;
}
