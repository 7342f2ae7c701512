// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {MarketHandler} from "./EscrowBalanced.t.sol";
import {TestBase} from "./TestBase.sol";

/// @notice How jobs end, whatever happens to them, and that no end is followed by another.
contract PaidOnceTest is TestBase {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
        targetContract(address(handler));
    }

    function invariant_ARejectedBatchIsNeverPaidByItsWindow() public view {
        IJobMarket market = handler.market();
        for (uint256 i = 0; ; i++) {
            try handler.jobAt(i) returns (IJobMarket.Terms memory terms) {
                bytes32 jobId = keccak256(abi.encode(terms));
                IJobMarket.State state = market.job(jobId).state;
                IClaims.State batch = handler.claims().state(market.batchIdOf(jobId));
                bool paid = state == IJobMarket.State.Paid || state == IJobMarket.State.Unlocked;
                require(!paid || batch == IClaims.State.Final, "paid or unlocked before it was final");
                require(state != IJobMarket.State.Refunded || batch != IClaims.State.Final, "refunded and final");
                bool open = state < IJobMarket.State.Submitted || state == IJobMarket.State.Cancelled;
                require(!open || batch == IClaims.State.None, "a batch without a result");
            } catch {
                break;
            }
        }
    }

    function testFuzz_AnEndIsNotFollowedByAnother(uint8 way, uint8 then) public {
        handler.post(1_000, 1, 0, 0, 1 days - 2);
        IJobMarket.Terms memory terms = handler.jobAt(0);
        if (way % 4 == 0) handler.cancel(0);
        if (way % 4 != 0) handler.accept(0, 0);
        if (way % 4 == 1) handler.refund(0);
        if (way % 4 > 1) handler.submit(0, "root");
        if (way % 4 == 2) handler.withdraw(0);
        if (way % 4 == 3) {
            handler.judge(0, 0, 0);
            handler.refund(0);
        }
        IJobMarket market = handler.market();
        IJobMarket.State end = market.job(keccak256(abi.encode(terms))).state;
        require(end >= IJobMarket.State.Paid, "no end");
        bytes[6] memory calls = [
            abi.encodeCall(market.post, (terms)),
            abi.encodeCall(market.cancel, (terms)),
            abi.encodeCall(market.accept, (terms)),
            abi.encodeCall(market.release, (terms)),
            abi.encodeCall(market.withdraw, (terms)),
            abi.encodeCall(market.refund, (terms))
        ];
        vm.prank(terms.requester);
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = address(market).call(calls[then % 6]);
        require(!ok && market.job(keccak256(abi.encode(terms))).state == end, "another end");
    }
}
