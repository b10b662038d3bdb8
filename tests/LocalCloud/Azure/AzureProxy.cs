using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalCloud.Azure;

/// <summary>An HTTP proxy that tunnels Azure's names to the TLS port here, for processes whose connections can't be led
/// otherwise (<c>HTTPS_PROXY</c>). It goes nowhere else.</summary>
internal sealed class AzureProxy : IAsyncDisposable
{
    /// <summary>A CONNECT request is one line and a few headers.</summary>
    private const int MaxHead = 8192;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly int target;
    private readonly Func<string, bool> exists;
    private readonly Task accepting;

    public AzureProxy(int target, Func<string, bool> exists)
    {
        this.target = target;
        this.exists = exists;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stopping.Token);
                open.RemoveAll(one => one.IsCompleted);
                open.Add(ServeAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var near = client;
        try
        {
            if (await ReadHostAsync(near) is not { } host || !exists(host))
            {
                await near.SendAsync(
                    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(),
                    stopping.Token);
                return;
            }

            using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, target, stopping.Token);
            await near.SendAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray(), stopping.Token);
            await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever hung up, both ends are closed now.
        }
    }

    private async Task<string?> ReadHostAsync(Socket client)
    {
        var head = new byte[MaxHead];
        var length = 0;
        while (length < head.Length && head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await client.ReceiveAsync(head.AsMemory(length), stopping.Token);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        var line = Encoding.ASCII.GetString(head, 0, length).Split('\r')[0].Split(' ');
        return line is ["CONNECT", var authority, ..] ? authority.Split(':')[0] : null;
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer, stopping.Token)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), stopping.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
