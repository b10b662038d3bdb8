using System.Net.Http.Headers;

namespace Kube.Client;

/// <summary>A source of tokens that may have another one when the server takes this one no more.</summary>
internal interface IRefusable
{
    /// <summary>The server answered 401 to this one: don't hand it out again if another can be had.</summary>
    void Refuse(AuthenticationHeaderValue? shown);
}
