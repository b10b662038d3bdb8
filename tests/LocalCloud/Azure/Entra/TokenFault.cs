namespace LocalCloud.Azure.Entra;

internal enum TokenFault
{
    None,
    Malformed,
    BadSignature,
    Expired,
}
