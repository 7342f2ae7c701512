// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BootstrapGrants} from "../governance/BootstrapGrants.sol";
import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Offers, takes, provisions, slashes, unbonds and lapses at random; this contract is timelock, client, slasher.
contract GrantsHandler is TestBase {
    uint256 private constant POT = 10_000_000e18;

    MielToken public miel;
    StakeManager public stake;
    BootstrapGrants public grants;
    address[3] private _people = [address(0xA1), address(0xA2), address(0xA3)];
    uint256 public slashed;
    uint256 public withdrawn;

    constructor() {
        // Contracts that this one creates have addresses by its nonce: fees, token, stake, grants.
        address grantsAt = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"04")))));
        address fees = address(new PoolFees());
        (address[] memory holders, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (holders[0], amounts[0]) = (grantsAt, POT);
        miel = new MielToken(holders, amounts);
        stake = new StakeManager(miel, 14 days, fees, IBootstrapGrants(grantsAt));
        grants = new BootstrapGrants(miel, stake, address(this), POT);
        require(address(grants) == grantsAt, "the address was known ahead");
    }

    function offer(uint256 who, uint256 amount) external {
        if (grants.grantOf(_people[who % 3]).until != 0) return;
        grants.offer(_people[who % 3], bound(amount, 1e15, grants.most()));
    }

    function take(uint256 who) external {
        address person = _people[who % 3];
        IBootstrapGrants.Grant memory grant = grants.grantOf(person);
        if (grant.amount == 0 || grant.since != 0 || block.timestamp > grant.until) return;
        vm.prank(person);
        grants.take();
    }

    function lapse(uint256 who) external {
        IBootstrapGrants.Grant memory grant = grants.grantOf(_people[who % 3]);
        if (grant.amount == 0 || grant.since != 0 || block.timestamp <= grant.until) return;
        grants.lapse(_people[who % 3]);
    }

    function provision(uint256 who, uint256 amount) external {
        uint256 free = stake.account(_people[who % 3]).free / 1e15;
        if (free == 0) return;
        vm.prank(_people[who % 3]);
        stake.provision(address(this), address(this), bound(amount, 1, free) * 1e15);
    }

    function slash(uint256 who, uint256 amount) external {
        address person = _people[who % 3];
        uint256 tokens = stake.provisionOf(person, address(this), address(this)).tokens;
        if (tokens == 0) return;
        amount = bound(amount, 1, tokens);
        stake.lock(person, address(this), amount, 0, 0);
        stake.slash(person, address(this), amount, amount, address(0), 0, address(0), 0);
        slashed += amount * 1e15;
    }

    function unbond(uint256 who, uint256 amount) external {
        address person = _people[who % 3];
        uint256 most = unbondable(who);
        if (most == 0) return;
        vm.prank(person);
        stake.unbond(bound(amount, 1, most));
    }

    function withdraw(uint256 who) external {
        IStakeManager.Account memory account = stake.account(_people[who % 3]);
        if (account.unbonding == 0) return;
        if (block.timestamp < account.until) vm.warp(account.until);
        vm.prank(_people[who % 3]);
        stake.withdraw();
        withdrawn += account.unbonding;
    }

    function later(uint256 seconds_) external {
        pass(bound(seconds_, 1 hours, 100 days), 1);
    }

    /// @notice What somebody can unbond now: free, and not bound.
    function unbondable(uint256 who) public view returns (uint256) {
        address person = _people[who % 3];
        IStakeManager.Account memory account = stake.account(person);
        uint256 kept = account.free + uint256(stake.provisionOf(person, address(this), address(this)).tokens) * 1e15;
        uint256 bound_ = grants.bound(person);
        uint256 loose = kept > bound_ ? kept - bound_ : 0;
        return loose < account.free ? loose : account.free;
    }

    /// @notice Offered, not taken.
    function open() public view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; i++) {
            IBootstrapGrants.Grant memory grant = grants.grantOf(_people[i]);
            if (grant.since == 0) sum += grant.amount;
        }
    }

    /// @notice What grants made of stake that has unlocked by now.
    function unlocked() public view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; i++) {
            IBootstrapGrants.Grant memory grant = grants.grantOf(_people[i]);
            if (grant.since != 0) sum += grant.amount - grants.bound(_people[i]);
        }
    }

    function votes() external view returns (uint256) {
        return miel.getVotes(address(grants));
    }
}

contract BootstrapGrantsTest is TestBase {
    GrantsHandler private _handler;

    function setUp() public {
        _handler = new GrantsHandler();
        targetContract(address(_handler));
    }

    /// @notice The pot holds exactly what is left to offer and what is offered and not taken.
    function invariant_potHoldsWhatItOwes() public view {
        BootstrapGrants grants = _handler.grants();
        assertEq(_handler.miel().balanceOf(address(grants)), grants.available() + _handler.open(), "pot");
    }

    /// @notice Nobody ever withdraws more than what has unlocked.
    function invariant_onlyUnlockedLeaves() public view {
        require(_handler.withdrawn() <= _handler.unlocked(), "more left than had unlocked");
    }

    /// @notice What is granted has no votes as a balance.
    function invariant_noLiquidVotes() public view {
        assertEq(_handler.votes(), 0, "votes of the pot");
    }

    function testFuzz_unlocksEvenly(uint256 amount, uint256 passed) public {
        amount = bound(amount, 1e15, _handler.grants().most());
        passed = bound(passed, 0, 800 days);
        BootstrapGrants grants = _handler.grants();
        vm.prank(address(_handler));
        grants.offer(address(this), amount);
        grants.take();
        vm.warp(block.timestamp + passed);
        uint256 expected = passed >= 730 days ? 0 : amount - (amount * passed) / 730 days;
        assertEq(grants.bound(address(this)), expected, "bound");
        StakeManager stake = _handler.stake();
        uint256 loose = amount - expected;
        if (expected != 0) {
            vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Bound.selector, expected));
            stake.unbond(loose + 1);
        }
        if (loose != 0) stake.unbond(loose);
    }
}
