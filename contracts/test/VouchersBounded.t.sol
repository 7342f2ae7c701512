// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVouchers} from "../interfaces/IVouchers.sol";
import {Vouchers} from "../market/Vouchers.sol";
import {TestBase} from "./TestBase.sol";
import {Token__Mock} from "./Token__Mock.sol";

interface IVmKeys {
    function addr(uint256 key) external pure returns (address);

    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

/// @notice A payer and two payees who do anything in any order; what was promised and moved is counted beside.
contract VouchersHandler is TestBase {
    IVmKeys private constant KEYS = IVmKeys(address(vm));
    uint256 private constant KEY = 0xA11CE;

    Vouchers public immutable vouchers = new Vouchers();
    Token__Mock public immutable token = new Token__Mock();
    address public immutable payer = KEYS.addr(KEY);

    mapping(address payee => uint256) public deposited;
    mapping(address payee => uint256) public highest;
    mapping(address payee => uint256) public paid;
    mapping(address payee => uint256) public returned;

    function payeeAt(uint256 i) public pure returns (address) {
        return address(uint160(0xBEEF + (i % 2)));
    }

    function fund(uint256 who, uint96 amount, uint32 longer) external {
        address payee = payeeAt(who);
        uint128 sum = uint128(bound(amount, 1, type(uint96).max));
        uint64 least = vouchers.escrow(payer, payee, address(token)).until;
        uint64 until = uint64(block.timestamp + bound(longer, 0, 30 days));
        token.mint(payer, sum);
        vm.prank(payer);
        token.approve(address(vouchers), sum);
        vm.prank(payer);
        vouchers.fund(payee, address(token), sum, until < least ? least : until);
        deposited[payee] += sum;
    }

    function claim(uint256 who, uint128 cumulative) external {
        address payee = payeeAt(who);
        if (cumulative > highest[payee]) highest[payee] = cumulative;
        bytes32 digest = vouchers.digestOf(payer, payee, address(token), cumulative);
        (uint8 v, bytes32 r, bytes32 s) = KEYS.sign(KEY, digest);
        bytes memory signature = abi.encodePacked(r, s, v);
        try vouchers.claim(payer, payee, address(token), cumulative, signature) returns (uint256 amount) {
            paid[payee] += amount;
        } catch {
            IVouchers.Escrow memory left = vouchers.escrow(payer, payee, address(token));
            require(cumulative <= left.claimed || left.funded == left.claimed, "an honest claim failed");
        }
    }

    function close(uint256 who) external {
        address payee = payeeAt(who);
        IVouchers.Escrow memory left = vouchers.escrow(payer, payee, address(token));
        bool may = block.timestamp >= left.until && left.closes == 0 && left.funded > left.claimed;
        vm.prank(payer);
        try vouchers.close(payee, address(token)) {
            require(may, "closed before its time");
        } catch {
            require(!may, "could not be closed");
        }
    }

    function refund(uint256 who) external {
        address payee = payeeAt(who);
        IVouchers.Escrow memory left = vouchers.escrow(payer, payee, address(token));
        bool may = left.closes != 0 && block.timestamp >= left.closes && left.funded > left.claimed;
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        try vouchers.refund(payee, address(token)) {
            require(may, "taken back before its time");
            returned[payee] += token.balanceOf(payer) - before;
        } catch {
            require(!may, "could not be taken back");
        }
    }

    function wait(uint32 time) external {
        pass(bound(time, 1, 10 days), 1);
    }
}

/// @notice What a payee gets is bounded by what the payer paid in and by what it signed; nothing is lost in between.
contract VouchersBoundedTest is TestBase {
    VouchersHandler private handler;

    function setUp() public {
        handler = new VouchersHandler();
        targetContract(address(handler));
    }

    function invariant_NoPayeeGetsMoreThanWasDepositedOrPromised() public view {
        for (uint256 i = 0; i < 2; i++) {
            address payee = handler.payeeAt(i);
            require(handler.paid(payee) <= handler.deposited(payee), "more than was deposited");
            require(handler.paid(payee) <= handler.highest(payee), "more than the highest voucher");
            assertEq(handler.token().balanceOf(payee), handler.paid(payee), "paid elsewhere");
        }
    }

    function invariant_EscrowsAreBalanced() public view {
        uint256 held;
        for (uint256 i = 0; i < 2; i++) {
            address payee = handler.payeeAt(i);
            IVouchers.Escrow memory left = handler.vouchers().escrow(handler.payer(), payee, address(handler.token()));
            assertEq(left.claimed, handler.paid(payee), "claimed is not what was paid");
            assertEq(left.funded + handler.returned(payee), handler.deposited(payee), "funded is not what is there");
            held += left.funded - left.claimed;
        }
        assertEq(handler.token().balanceOf(address(handler.vouchers())), held, "the balance is not the escrows'");
    }

    function testFuzz_NothingIsTakenBackBeforeItsTime(uint96 amount, uint32 longer, uint32 early) public {
        handler.fund(0, amount, longer);
        IVouchers vouchers = handler.vouchers();
        address payee = handler.payeeAt(0);
        uint64 until = vouchers.escrow(handler.payer(), payee, address(handler.token())).until;
        if (block.timestamp < until) {
            vm.warp(bound(early, block.timestamp, until - 1));
            handler.close(0);
        }
        vm.warp(until);
        handler.close(0);
        vm.warp(bound(early, until, until + vouchers.DELAY() - 1));
        handler.refund(0);
        assertEq(handler.returned(payee), 0, "taken back before its time");
        vm.warp(until + vouchers.DELAY());
        handler.refund(0);
        assertEq(handler.returned(payee), handler.deposited(payee), "not all was given back");
    }
}
