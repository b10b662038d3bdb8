using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kube.Tests.Client.Kubectl;

/// <summary>A proxy of each kind that a kubeconfig may name, no more of it than opens a tunnel.
/// It tells where to.</summary>
internal sealed class Proxies : IDisposable
{
    private readonly TcpListener http = new(IPAddress.Loopback, 0);
    private readonly TcpListener socks = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly Action<string, int> noteTunnel;

    public Proxies(Action<string, int> noteTunnel)
    {
        this.noteTunnel = noteTunnel;
        _ = ServeAsync(http, OpenHttpAsync);
        _ = ServeAsync(socks, OpenSocksAsync);
    }

    public int Http => ((IPEndPoint)http.LocalEndpoint).Port;

    public int Socks => ((IPEndPoint)socks.LocalEndpoint).Port;

    public void Dispose()
    {
        over.Cancel();
        http.Dispose();
        socks.Dispose();
        over.Dispose();
    }

    private async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task<int>> openAsync)
    {
        listener.Start();
        while (!over.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(over.Token);
            _ = TunnelAsync(client, openAsync);
        }
    }

    private async Task TunnelAsync(TcpClient client, Func<NetworkStream, Task<int>> openAsync)
    {
        using (client)
        {
            try
            {
                var near = client.GetStream();
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, await openAsync(near), over.Token);
                var far = server.GetStream();
                await Task.WhenAny(near.CopyToAsync(far, over.Token), far.CopyToAsync(near, over.Token));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Whoever asked sees it.
            }
        }
    }

    private async Task<int> OpenHttpAsync(NetworkStream near)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await near.ReadExactlyAsync(one, over.Token);
            head.Append((char)one[0]);
        }

        var port =
            int.Parse(head.ToString().Split(' ')[1].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
        noteTunnel("CONNECT", port);
        await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), over.Token);
        return port;
    }

    private async Task<int> OpenSocksAsync(NetworkStream near)
    {
        var greeting = new byte[2];
        await near.ReadExactlyAsync(greeting, over.Token);
        await near.ReadExactlyAsync(new byte[greeting[1]], over.Token);
        await near.WriteAsync(new byte[] { 5, 0 }, over.Token);
        var request = new byte[4];
        await near.ReadExactlyAsync(request, over.Token);
        var length = new byte[1];
        if (request[3] == 3)
        {
            await near.ReadExactlyAsync(length, over.Token);
        }

        await near.ReadExactlyAsync(new byte[request[3] switch { 1 => 4, 4 => 16, _ => length[0] }], over.Token);
        var port = new byte[2];
        await near.ReadExactlyAsync(port, over.Token);
        noteTunnel("SOCKS5", (port[0] << 8) | port[1]);
        await near.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, over.Token);
        return (port[0] << 8) | port[1];
    }
}
