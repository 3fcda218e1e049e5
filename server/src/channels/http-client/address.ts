/**
 * Which addresses the world outside has. Everything else (our own machine, our network, other
 * tenants' metadata services, tunnels that lead to any of them) is refused, for the person who names
 * a URL must not be able to reach what only we can reach.
 */
import { BlockList, isIP } from 'node:net'

const ranges4 = [
  '0.0.0.0/8', // "this host" (RFC 1122)
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // carrier-grade NAT (RFC 6598), and Alibaba's metadata
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's wire server: public by number, private by use
  '169.254.0.0/16', // link-local (RFC 3927), and most clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments (RFC 6890), and Oracle's metadata
  '192.0.2.0/24', // documentation (RFC 5737)
  '192.31.196.0/24', // AS112 (RFC 7535)
  '192.52.193.0/24', // AMT (RFC 7450)
  '192.88.99.0/24', // 6to4 relay (RFC 7526)
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112 (RFC 7534)
  '198.18.0.0/15', // benchmarks (RFC 2544)
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]

// Inside 2000::/3 only; all other IPv6 is refused as a whole: loopback, unspecified, IPv4-mapped,
// NAT64 (64:ff9b::/96, 64:ff9b:1::/48), unique local (with AWS's metadata), link-local, multicast.
const ranges6 = [
  '2001::/23', // protocol assignments (RFC 2928), and Teredo, which holds an IPv4 address
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which holds an IPv4 address (RFC 3056)
  '3fff::/20', // documentation (RFC 9637)
]

const refused4 = blockListOf(ranges4, 'ipv4')
const refused6 = blockListOf(ranges6, 'ipv6')
const global6 = blockListOf(['2000::/3'], 'ipv6')

/** True for an address of the public Internet; false also for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !refused4.check(address, 'ipv4')
  return version === 6 && global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6')
}

function blockListOf(ranges: readonly string[], type: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), type)
  }
  return list
}
