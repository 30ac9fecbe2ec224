/** An RSASSA-PSS key of 2048 bits, in SPKI; not made by the tests, for not every runtime can make one. */
export const rsaPssKey = Buffer.from(
  'MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAKfCUhtu1pmXuzgeUVj5I4tqSv2nVQZssASjpT7jvGSSdycCLnlAV1T67gXY' +
    'KFNXlwe2DORlkbK8hfG3qmG4QS5YnM/FiCu5+z8nkAApxsRKELWXoU8Llw4PUp6PVSghJwbiZJLfiHtM0DF0k9r+bLsWyOhc0DBW' +
    'vATmGOOAg3xfuS1s4+y2VoPn3xnPbJSCzykKJpDMyiGkOEEn1Pm9EDTUG+83INYQaReNn55VLOL0Lw5XCxSp4u/lPL7X8mq3di/8' +
    '2YNnONZJ5B5zB3527utbTJFTYEIKnRZlQPKDqbPByxP81uDLtf/1OfMaWqottVkFLCkKGgo6NZytSBLe/gUCAwEAAQ==',
  'base64',
);
