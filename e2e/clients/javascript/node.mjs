// How clients find the node, which runs already: AWS_SHARED_CREDENTIALS_FILE names its credentials, NODE_ENDPOINT_URL and
// NODE_REGION say what this SDK does not read from a credentials file.
export const node = {
  endpoint: process.env.NODE_ENDPOINT_URL ?? "http://127.0.0.1:8480",
  region: process.env.NODE_REGION ?? "us-east-1",
};
