// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IdentityRegistry} from "../identity/IdentityRegistry.sol";
import {Outcomes} from "../identity/Outcomes.sol";
import {ReputationRegistry} from "../identity/ReputationRegistry.sol";
import {ValidationRegistry} from "../identity/ValidationRegistry.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IOutcomes} from "../interfaces/IOutcomes.sol";
import {MarketHandler} from "./EscrowBalanced.t.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Links, unlinks and pokes at random, beside whatever happens to the jobs.
contract OutcomesHandler is TestBase {
    MarketHandler public immutable jobs;
    IdentityRegistry public immutable identity;
    ReputationRegistry public immutable reputation;
    Outcomes public immutable outcomes;

    /// @dev What a poke found.
    mapping(bytes32 jobId => IOutcomes.Outcome) public found;
    mapping(bytes32 jobId => uint256) public pokes;
    bytes32[] private _recorded;

    constructor() {
        jobs = new MarketHandler();
        identity = new IdentityRegistry();
        reputation = new ReputationRegistry(identity);
        ValidationRegistry validation = new ValidationRegistry(identity);
        outcomes = new Outcomes(jobs.claims(), jobs.market(), new address[](0), identity, reputation, validation);
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(jobs.providers(i));
            identity.register();
            link(i);
        }
    }

    function link(uint256 who) public {
        vm.prank(jobs.providers(who % 2));
        outcomes.link(who % 2);
    }

    function unlink(uint256 who) external {
        address account = jobs.providers(who % 2);
        (bool linked, ) = outcomes.agentAt(account, uint48(block.timestamp));
        if (!linked) return;
        vm.prank(account);
        outcomes.unlink(account);
    }

    /// @notice Takes a job to an end, or near it, and pokes.
    function work(uint256 way, bytes32 root) external {
        jobs.post(1_000, 1, uint8(way >> 8), 0, uint32(1 days - 2));
        jobs.accept(0, way >> 16);
        if (way % 6 != 0) jobs.submit(0, root);
        if (way % 6 == 1) jobs.judge(0, 0, 0);
        if (way % 6 == 2) for (uint8 i = 0; i < 5; i++) jobs.judge(0, i, 1);
        if (way % 6 == 3) jobs.release(0);
        if (way % 6 > 1) jobs.withdraw(0);
        jobs.refund(0);
        poke(type(uint256).max);
    }

    function poke(uint256 index) public {
        bytes32 jobId = _jobAt(index);
        try outcomes.record(address(jobs.market()), jobId) returns (IOutcomes.Outcome outcome) {
            found[jobId] = outcome;
            ++pokes[jobId];
            _recorded.push(jobId);
        } catch {}
    }

    function recorded() external view returns (bytes32[] memory) {
        return _recorded;
    }

    /// @dev The last job for the largest index.
    function _jobAt(uint256 index) private view returns (bytes32) {
        uint256 count;
        for (; ; count++)
            try jobs.jobAt(count) returns (IJobMarket.Terms memory) {} catch {
                break;
            }
        if (count == 0) return 0;
        return keccak256(abi.encode(jobs.jobAt(index == type(uint256).max ? count - 1 : index % count)));
    }
}

contract OutcomesTrueTest is TestBase {
    OutcomesHandler private handler;

    function setUp() public {
        handler = new OutcomesHandler();
        targetContract(address(handler));
        targetContract(address(handler.jobs()));
    }

    function invariant_AnEntryIsWhatTheChainSays() public view {
        bytes32[] memory jobIds = handler.recorded();
        IJobMarket market = handler.jobs().market();
        for (uint256 i = 0; i < jobIds.length; i++) {
            bytes32 jobId = jobIds[i];
            IOutcomes.Entry memory entry = handler.outcomes().entryOf(address(market), jobId);
            IJobMarket.Job memory job = market.job(jobId);
            IClaims.State batch = handler.jobs().claims().state(market.batchIdOf(jobId));
            bool paid = job.state == IJobMarket.State.Paid || job.state == IJobMarket.State.Unlocked;
            require(entry.outcome == handler.found(jobId), "an entry changed");
            if (entry.outcome == IOutcomes.Outcome.Rejected) require(batch == IClaims.State.Rejected, "rejected");
            else if (entry.outcome == IOutcomes.Outcome.Late) {
                require(batch == IClaims.State.None && job.state == IJobMarket.State.Refunded, "late");
            } else require(paid && batch == IClaims.State.Final, "paid");
            require((entry.outcome == IOutcomes.Outcome.Paid) == (entry.share != 0), "share");
            require(entry.agentId < 2 && handler.jobs().providers(entry.agentId) == job.provider, "agent");
        }
    }

    function invariant_AJobHasOneEntry() public view {
        bytes32[] memory jobIds = handler.recorded();
        uint256 entries;
        for (uint256 agent = 0; agent < 2; agent++) {
            IOutcomes.Record memory r = handler.outcomes().recordOf(agent);
            uint256 sum = uint256(r.paid) + r.stood + r.late + r.rejected + r.voided;
            assertEq(sum, handler.reputation().getLastIndex(agent, address(handler.outcomes())), "published");
            entries += sum;
        }
        assertEq(entries, jobIds.length, "entries");
        for (uint256 i = 0; i < jobIds.length; i++) assertEq(handler.pokes(jobIds[i]), 1, "one");
    }

    function testFuzz_EveryEndIsRecordedAsWhatItIs(uint8 way) public {
        handler.work(way % 6, "root");
        bytes32[] memory jobIds = handler.recorded();
        assertEq(jobIds.length, 1, "recorded");
        IOutcomes.Outcome[6] memory ends = [
            IOutcomes.Outcome.Late,
            IOutcomes.Outcome.Rejected,
            IOutcomes.Outcome.Void,
            IOutcomes.Outcome.Paid,
            IOutcomes.Outcome.Paid,
            IOutcomes.Outcome.Paid
        ];
        require(handler.found(jobIds[0]) == ends[way % 6], "outcome");
    }
}
