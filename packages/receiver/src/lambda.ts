export {
  type LambdaEvent,
  type LambdaReceiver,
  type LambdaResult,
  lambdaCall,
  lambdaReceiver,
} from './lambda-receiver.js';
