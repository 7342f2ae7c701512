// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Does everything that accounts, clients and slashers can do with stake, within what is there.
contract StakeHandler is TestBase {
    uint256 private constant UNIT = 1e15;
    StakeManager public immutable stake;
    MielToken public immutable miel;
    address[] public accounts = [address(0xA1), address(0xA2), address(0xA3)];
    address[] public clients = [address(0xC1), address(0xC2)];
    address[] public slashers = [address(0xD1), address(0xD2)];

    struct Lock {
        address operator;
        address client;
        address slasher;
        uint256 amount;
    }

    Lock[] public locks;
    uint256 public burned;

    constructor() {
        address[] memory holders = new address[](3);
        uint256[] memory amounts = new uint256[](3);
        for (uint256 i = 0; i < 3; i++) (holders[i], amounts[i]) = (accounts[i], 1e24);
        miel = new MielToken(holders, amounts);
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        for (uint256 i = 0; i < 3; i++) {
            vm.prank(accounts[i]);
            miel.approve(address(stake), type(uint256).max);
        }
    }

    function stakeSome(uint256 who, uint256 amount) external {
        address account = accounts[who % 3];
        uint256 most = miel.balanceOf(account);
        if (most == 0) return;
        vm.prank(account);
        stake.stake(bound(amount, 1, most));
    }

    function unbond(uint256 who, uint256 amount) external {
        address account = accounts[who % 3];
        uint256 most = stake.account(account).free;
        if (most == 0) return;
        vm.prank(account);
        stake.unbond(bound(amount, 1, most));
    }

    function withdraw(uint256 who) external {
        address account = accounts[who % 3];
        IStakeManager.Account memory a = stake.account(account);
        if (a.unbonding == 0) return;
        if (block.timestamp < a.until) vm.warp(a.until);
        vm.prank(account);
        stake.withdraw();
    }

    function provision(uint256 who, uint256 units) external {
        (address operator, address client, address slasher) = _row(who);
        uint256 most = stake.account(operator).free / UNIT;
        if (most == 0) return;
        vm.prank(operator);
        stake.provision(client, slasher, bound(units, 1, most) * UNIT);
    }

    function thaw(uint256 who, uint256 units) external {
        (address operator, address client, address slasher) = _row(who);
        IStakeManager.Provision memory p = stake.provisionOf(operator, client, slasher);
        uint256 most = p.tokens - p.locked - p.thawing;
        if (most == 0) return;
        vm.prank(operator);
        stake.thawProvision(client, slasher, bound(units, 1, most) * UNIT);
    }

    function deprovision(uint256 who) external {
        (address operator, address client, address slasher) = _row(who);
        IStakeManager.Provision memory p = stake.provisionOf(operator, client, slasher);
        if (p.thawing == 0) return;
        if (block.timestamp < p.until) vm.warp(p.until);
        vm.prank(operator);
        stake.deprovision(client, slasher);
    }

    function lock(uint256 who, uint256 units, uint256 perHeld) external {
        (address operator, address client, address slasher) = _row(who);
        IStakeManager.Provision memory p = stake.provisionOf(operator, client, slasher);
        uint256 usable = p.tokens - p.locked - p.thawing;
        if (usable == 0) return;
        units = bound(units, 0, usable);
        perHeld = p.held == 0 ? perHeld % 1e9 : bound(perHeld, 0, (usable - units) / p.held);
        vm.prank(client);
        uint256 locked = stake.lock(operator, slasher, units, perHeld, 0);
        assertEq(locked, units + perHeld * p.held, "lock");
        locks.push(Lock(operator, client, slasher, locked));
    }

    function release(uint256 index, uint256 burnt) external {
        if (locks.length == 0) return;
        Lock memory l = _take(index % locks.length);
        vm.prank(l.client);
        stake.release(l.operator, l.slasher, l.amount, bound(burnt, 0, l.amount));
    }

    function slash(uint256 index, uint256 amount, uint256 bounty, uint256 compensation, uint256 to) external {
        if (locks.length == 0) return;
        Lock memory l = _take(index % locks.length);
        amount = bound(amount, 0, l.amount);
        bounty = bound(bounty, 0, amount / 4);
        compensation = bound(compensation, 0, amount / 2 - bounty);
        vm.prank(l.slasher);
        stake.slash(
            l.operator,
            l.client,
            l.amount,
            amount,
            accounts[to % 3],
            bounty,
            accounts[(to >> 8) % 3],
            compensation
        );
    }

    function withdrawCredit(uint256 who) external {
        address account = accounts[who % 3];
        if (stake.credit(account) == 0) return;
        vm.prank(account);
        stake.withdrawCredit();
    }

    function burn() external {
        uint256 amount = stake.toBurn();
        if (amount == 0) return;
        burned += amount;
        stake.burn();
    }

    /// @notice Free and unbonding stake, provisions, credits and what waits to be burned.
    function accounted() external view returns (uint256 sum) {
        sum = stake.toBurn();
        for (uint256 i = 0; i < 3; i++) {
            IStakeManager.Account memory a = stake.account(accounts[i]);
            sum += uint256(a.free) + a.unbonding + stake.credit(accounts[i]);
        }
        for (uint256 i = 0; i < 12; i++) {
            (address operator, address client, address slasher) = _row(i);
            sum += stake.provisionOf(operator, client, slasher).tokens * UNIT;
        }
    }

    /// @notice Whether every provision's locks are those it granted, and lie in what does not thaw.
    function locksCovered() external view returns (bool) {
        for (uint256 i = 0; i < 12; i++) {
            (address operator, address client, address slasher) = _row(i);
            IStakeManager.Provision memory p = stake.provisionOf(operator, client, slasher);
            (uint256 sum, uint256 held) = (0, 0);
            for (uint256 j = 0; j < locks.length; j++) {
                Lock memory l = locks[j];
                if (l.operator != operator || l.client != client || l.slasher != slasher) continue;
                sum += l.amount;
                held++;
            }
            if (p.locked != sum || p.held != held || p.locked + p.thawing > p.tokens) return false;
        }
        return true;
    }

    function _row(uint256 who) private view returns (address, address, address) {
        return (accounts[who % 3], clients[(who / 3) % 2], slashers[(who / 6) % 2]);
    }

    function _take(uint256 index) private returns (Lock memory l) {
        l = locks[index];
        locks[index] = locks[locks.length - 1];
        locks.pop();
    }
}

contract StakeConservedTest is TestBase {
    StakeHandler private handler;

    function setUp() public {
        handler = new StakeHandler();
        targetContract(address(handler));
    }

    function invariant_StakeIsConserved() public view {
        assertEq(handler.miel().balanceOf(address(handler.stake())), handler.accounted(), "stake");
    }

    function invariant_LocksLieInTheirProvisions() public view {
        require(handler.locksCovered(), "locks");
    }

    function invariant_OnlyBurningShrinksTheSupply() public view {
        assertEq(handler.miel().totalSupply(), 3e24 - handler.burned(), "supply");
    }

    function testFuzz_NoCallerButItsClientAndSlasherMovesAProvision(address stranger, uint48 amount) public {
        StakeManager stake = handler.stake();
        handler.stakeSome(0, 1e23);
        handler.provision(0, 1e6);
        (address operator, address client, address slasher) = (address(0xA1), address(0xC1), address(0xD1));
        if (stranger == client || stranger == slasher || stranger == operator) return;
        bytes32 before = keccak256(abi.encode(stake.provisionOf(operator, client, slasher)));
        bytes[3] memory calls = [
            abi.encodeCall(stake.lock, (operator, slasher, amount, 0, 0)),
            abi.encodeCall(stake.release, (operator, slasher, amount, amount)),
            abi.encodeCall(stake.slash, (operator, client, amount, amount, stranger, amount / 4, stranger, 0))
        ];
        for (uint256 i = 0; i < 3; i++) {
            vm.prank(stranger);
            // solhint-disable-next-line avoid-low-level-calls
            (bool ok, ) = address(stake).call(calls[i]);
            require(!ok || amount == 0, "moved");
        }
        require(before == keccak256(abi.encode(stake.provisionOf(operator, client, slasher))), "changed");
    }
}
