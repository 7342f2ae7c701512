// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ModelRegistry} from "../assets/ModelRegistry.sol";
import {Claims} from "../claims/Claims.sol";
import {Penalties} from "../claims/Penalties.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {JobMarket} from "../market/JobMarket.sol";
import {Accusations} from "../referee/Accusations.sol";
import {JudgeRegistry} from "../referee/JudgeRegistry.sol";
import {Malformed} from "../referee/Malformed.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {Assets__Harness} from "./Assets__Harness.sol";
import {TestBase} from "./TestBase.sol";
import {Token__Mock} from "./Token__Mock.sol";

/// @notice Takes the last jobs of any terms along any path, as requester, providers, referee and keeper.
contract MarketHandler is TestBase {
    bytes32 private constant PROGRAM = "program";
    address private constant TREASURY = address(0xE1);
    address private constant AUDIT_POOL = address(0xE2);
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    Token__Mock public immutable token;
    StakeManager public immutable stake;
    JobMarket public immutable market;
    Claims public immutable claims;
    Penalties public immutable penalties;
    ModelRegistry public immutable models;
    Accusations public immutable accusations;
    uint256 public immutable model;
    address[] public providers = [address(0xB1), address(0xB2)];

    IJobMarket.Terms[] private _jobs;
    uint256 public paidIn;

    constructor() {
        token = new Token__Mock();
        ProtocolParameters parameters = new ProtocolParameters(address(this), address(0));
        address[] memory holders = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        for (uint256 i = 0; i < 2; i++) (holders[i], amounts[i]) = (providers[i], 1e25);
        MielToken miel = new MielToken(holders, amounts);
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        accusations = new Accusations(parameters);
        JudgeRegistry judges = new JudgeRegistry(address(this), new IJudgeRegistry.Entry[](0));
        Malformed malformed = new Malformed(IClaims(address(0)), judges, accusations, IAvailability(address(0)));
        claims = new Claims(parameters, address(this), address(malformed), address(this));
        penalties = new Penalties(claims, stake, parameters);
        models = new Assets__Harness(address(0)).models();
        model = models.register(PROGRAM, "manifest", address(token), 1);
        market = new JobMarket(
            claims,
            stake,
            address(penalties),
            models,
            malformed,
            parameters,
            IAccusations(accusations),
            TREASURY,
            AUDIT_POOL
        );
        token.approve(address(market), type(uint256).max);
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(providers[i]);
            miel.approve(address(stake), type(uint256).max);
            vm.prank(providers[i]);
            stake.stake(1e25);
            vm.prank(providers[i]);
            stake.provision(address(market), address(penalties), 1e25);
        }
    }

    function post(uint128 fee, uint128 royalty, uint8 count, uint96 collateral, uint32 time) external {
        bool isSealed = time % 3 == 0;
        IJobMarket.Terms memory terms = IJobMarket.Terms({
            requester: address(this),
            provider: isSealed ? providers[time % 2] : address(0),
            token: address(token),
            deadline: uint40(block.timestamp + 1 + (time % 1 days)),
            count: uint32(count % 5) + 1,
            salt: uint64(_jobs.length),
            fee: fee % 1e30,
            royalty: (royalty % 1e30) + 1,
            model: model,
            programId: PROGRAM,
            inputsRoot: "inputs",
            inputs: "manifest",
            collateral: collateral % 1e22,
            isSealed: isSealed
        });
        uint256 escrow = _escrow(terms);
        token.mint(address(this), escrow);
        paidIn += escrow;
        market.post(terms);
        _jobs.push(terms);
    }

    function cancel(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state == IJobMarket.State.Posted) market.cancel(terms);
    }

    function accept(uint256 index, uint256 who) public {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state != IJobMarket.State.Posted || block.timestamp > terms.deadline) return;
        if (job.time == block.timestamp) return;
        if (job.provider == providers[who % 2]) who++;
        address provider = terms.isSealed ? terms.provider : providers[who % 2];
        if (provider == job.provider) return;
        vm.prank(provider);
        market.accept(terms);
    }

    function exit(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state != IJobMarket.State.Accepted || block.timestamp > job.time + 10 minutes) return;
        vm.prank(job.provider);
        market.exit(terms);
    }

    function work(uint256 index, uint256 who, bytes32 root) external {
        accept(index, who);
        submit(index, root);
    }

    function submit(uint256 index, bytes32 root) public {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state != IJobMarket.State.Accepted || block.timestamp > terms.deadline) return;
        vm.prank(job.provider);
        if (terms.count == 1) market.submit(terms, root, root);
        else market.submitBatch(terms, root, root);
    }

    function release(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state != IJobMarket.State.Submitted) return;
        if (claims.state(_batchOf(terms)) != IClaims.State.Rejected) market.release(terms);
    }

    function judge(uint256 index, uint8 leaf, uint8 verdict) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        bytes32 batchId = _batchOf(terms);
        if (job.state < IJobMarket.State.Submitted || claims.state(batchId) != IClaims.State.Pending) return;
        leaf = uint8(leaf % terms.count);
        if (verdict % 4 == 0) claims.reject(batchId, leaf, address(this));
        else if (!claims.isVoid(batchId, leaf)) claims.annul(batchId, leaf);
    }

    function withdraw(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state != IJobMarket.State.Submitted && job.state != IJobMarket.State.Released) return;
        if (claims.state(_batchOf(terms)) == IClaims.State.Pending) pass(1 days + 1, 3_601);
        if (claims.state(_batchOf(terms)) == IClaims.State.Final) market.withdraw(terms);
    }

    function refund(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        if (job.state == IJobMarket.State.Accepted) {
            if (block.timestamp <= terms.deadline) vm.warp(uint256(terms.deadline) + 1);
            market.refund(terms);
        } else if (job.state == IJobMarket.State.Submitted) {
            if (claims.state(_batchOf(terms)) == IClaims.State.Rejected) market.refund(terms);
        }
    }

    function collectPenalty(uint256 index) external {
        (IJobMarket.Terms memory terms, IJobMarket.Job memory job) = _at(index);
        bytes32 batchId = _batchOf(terms);
        if (job.state < IJobMarket.State.Submitted || claims.state(batchId) != IClaims.State.Rejected) return;
        if (!penalties.collected(batchId)) penalties.collect(batchId, abi.encode(terms));
    }

    function collect(uint8 who) external {
        address account = [TREASURY, AUDIT_POOL, BURN, address(this)][who % 4];
        if (market.owed(address(token), account) != 0) market.collect(address(token), account);
        if (market.royalties(address(token), model) != 0) market.collectRoyalty(address(token), model);
    }

    function wait(uint16 time) external {
        pass(time, time / 12);
    }

    /// @notice The terms of a job that was posted.
    function jobAt(uint256 index) external view returns (IJobMarket.Terms memory) {
        return _jobs[index];
    }

    /// @notice What open jobs hold and what is owed.
    function liabilities() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _jobs.length; i++) {
            IJobMarket.State state = market.job(_idOf(_jobs[i])).state;
            if (
                state == IJobMarket.State.Posted ||
                state == IJobMarket.State.Accepted ||
                state == IJobMarket.State.Submitted
            ) sum += _escrow(_jobs[i]);
        }
        sum += market.owed(address(token), TREASURY) + market.owed(address(token), AUDIT_POOL);
        sum += market.owed(address(token), BURN) + market.owed(address(token), address(this));
        sum += market.royalties(address(token), model);
    }

    /// @notice What left the market, wherever to.
    function received() external view returns (uint256) {
        return
            token.balanceOf(TREASURY) +
            token.balanceOf(AUDIT_POOL) +
            token.balanceOf(BURN) +
            token.balanceOf(address(this)) +
            token.balanceOf(address(models.royalties())) +
            token.balanceOf(providers[0]) +
            token.balanceOf(providers[1]);
    }

    /// @notice Locks of jobs that are held, or whose penalty waits to be collected.
    function expectedLocks() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _jobs.length; i++) {
            IJobMarket.Job memory job = market.job(_idOf(_jobs[i]));
            bytes32 batchId = _batchOf(_jobs[i]);
            bool rejected = claims.state(batchId) == IClaims.State.Rejected;
            bool held =
                job.state == IJobMarket.State.Accepted ||
                    job.state == IJobMarket.State.Submitted ||
                    job.state == IJobMarket.State.Released;
            if (rejected ? !penalties.collected(batchId) : held) sum += job.lock;
        }
    }

    function locks() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 2; i++) {
            IStakeManager.Provision memory p = stake.provisionOf(providers[i], address(market), address(penalties));
            sum += p.locked;
        }
    }

    function _at(uint256 index) private view returns (IJobMarket.Terms memory terms, IJobMarket.Job memory job) {
        uint256 count = _jobs.length;
        if (count == 0) return (terms, job);
        terms = _jobs[count - 1 - (index % (count < 3 ? count : 3))];
        job = market.job(_idOf(terms));
    }

    function _idOf(IJobMarket.Terms memory terms) private pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function _batchOf(IJobMarket.Terms memory terms) private view returns (bytes32) {
        return market.batchIdOf(_idOf(terms));
    }

    function _escrow(IJobMarket.Terms memory terms) private pure returns (uint256) {
        return (uint256(terms.fee) + terms.royalty) * terms.count;
    }
}

contract EscrowBalancedTest is TestBase {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
        targetContract(address(handler));
    }

    function invariant_EscrowPaysOutExactlyWhatCameIn() public view {
        uint256 held = handler.token().balanceOf(address(handler.market()));
        assertEq(held, handler.liabilities(), "held");
        assertEq(handler.paidIn(), held + handler.received(), "paid out");
    }

    function invariant_AJobsLockIsHeldUntilItsEnd() public view {
        assertEq(handler.locks(), handler.expectedLocks(), "locks");
    }
}
